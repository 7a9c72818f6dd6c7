// One small definition per separable penalty, in double for both scalars: the lists that priors have are in double, and
// no parameter changes when it is rounded. Included once per instruction set.
//
// x is a coefficient, for a listed penalty minus its mean. LK_PENALTIES says what `first` and `second` are.

// What a penalty is at a point. `slope` leaves out a kink, whose jump, from −kink to +kink, is kept apart: where kinks
// meet in a sum the subgradient of least norm needs the jump of all.
typedef struct {
  double value, slope, kink;
} lk_bend;

// ±1, and x itself where that is 0 or NaN.
LK_INLINE double lk_sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

LK_INLINE double lk_magnitude(double x) { return __builtin_fabs(x); }

// x moved towards 0 by r, not past it.
LK_INLINE double lk_soft(double x, double r) { return lk_magnitude(x) <= r ? 0 : x - lk_sign(x) * r; }

LK_INLINE lk_bend lk_l1(double x, double strength, double unused) {
  (void)unused;
  return (lk_bend){strength * lk_magnitude(x), strength * lk_sign(x), x == 0 ? strength : 0};
}

LK_INLINE lk_bend lk_l2(double x, double strength, double unused) {
  (void)unused;
  return (lk_bend){0.5 * strength * x * x, strength * x, 0};
}

LK_INLINE lk_bend lk_smoothed_l1(double x, double strength, double delta) {
  double a = lk_magnitude(x);
  return (lk_bend){
      strength * (a > delta ? a - 0.5 * delta : 0.5 * a * (a / delta)),
      strength * (a > delta ? lk_sign(x) : x / delta),
      0,
  };
}

LK_INLINE lk_bend lk_mcp(double x, double strength, double gamma) {
  double a = lk_magnitude(x), end = gamma * strength;
  return (lk_bend){
      a > end ? 0.5 * end * strength : a * (strength - 0.5 * (a / gamma)),
      a > end ? 0 : lk_sign(x) * (strength - a / gamma),
      x == 0 ? strength : 0,
  };
}

LK_INLINE lk_bend lk_scad(double x, double strength, double shape) {
  double a = lk_magnitude(x), end = shape * strength, past = a - strength, bend = past / (shape - 1);
  return (lk_bend){
      a > end ? 0.5 * strength * strength * (shape + 1)
              : (a > strength ? strength * a - 0.5 * past * bend : strength * a),
      a > end ? 0 : lk_sign(x) * (a > strength ? strength - bend : strength),
      x == 0 ? strength : 0,
  };
}

LK_INLINE lk_bend lk_gaussian(double x, double scale, double unused) {
  (void)unused;
  double u = x / scale;
  return (lk_bend){0.5 * u * u, u / scale, 0};
}

LK_INLINE lk_bend lk_laplace(double x, double scale, double unused) {
  (void)unused;
  return (lk_bend){lk_magnitude(x) / scale, lk_sign(x) / scale, x == 0 ? 1 / scale : 0};
}

// A quadratic leaves the proximal operator of the rest to be taken elsewhere and with another step: both come from
// here, as the weights of the point and of the penalty's mean, and the factor of the step.
typedef struct {
  double point, mean, step;
} lk_share;

LK_INLINE lk_share lk_l2_share(double t, double strength) {
  double share = 1 / (1 + t * strength);
  return (lk_share){share, 0, share};
}

LK_INLINE lk_share lk_gaussian_share(double t, double scale) {
  double square = scale * scale, least = 0x1p-1022, variance = square > least ? square : least; // 0/0 is no share
  double share = 1 / (1 + t / variance);
  return (lk_share){share, t / (variance + t), share};
}

// How far the proximal operator moves a point towards a kink.
LK_INLINE double lk_l1_reach(double t, double strength) { return t * strength; }

LK_INLINE double lk_laplace_reach(double t, double scale) { return t / scale; }

// The proximal operators of the rest. Where the step is so long that the objective is not convex the least of its two
// local minima counts, 0 of two that are equal.

LK_INLINE double lk_smoothed_l1_proximal(double v, double t, double strength, double delta) {
  double reach = t * strength;
  return lk_magnitude(v) > delta + reach ? v - lk_sign(v) * reach : v * (delta / (delta + reach));
}

LK_INLINE double lk_mcp_proximal(double v, double t, double strength, double gamma) {
  double a = lk_magnitude(v);
  double inside = a > gamma * strength ? v : lk_soft(v, t * strength) / (1 - t / gamma);
  double hard = a <= strength * __builtin_sqrt(gamma * t) ? 0 : v;
  return t < gamma ? inside : hard;
}

LK_INLINE double lk_scad_proximal(double v, double t, double strength, double shape) {
  double a = lk_magnitude(v), soft = lk_soft(v, t * strength);
  double bent = (v - lk_sign(v) * (t * strength * (shape / (shape - 1)))) / (1 - t / (shape - 1));
  double inside = a > shape * strength ? v : (a > strength * (1 + t) ? bent : soft);
  double middle = 0.5 * (shape + 1 + t), outer = __builtin_sqrt(t * (shape + 1));
  double hard = a <= strength * (t > shape + 1 ? outer : middle) ? soft : v;
  return t < shape - 1 ? inside : hard;
}
