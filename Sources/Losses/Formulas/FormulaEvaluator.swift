import CLossKernels

/// A formula as functions of tiles, one for each kind of result. An implementation detail.
///
/// They are made where the formula's type is known, so that its operations become direct calls.
public struct _TileFormula: Sendable {
  let value: @Sendable (_Tile, _Tile) -> _Tile
  let valueAndGradient: @Sendable (_Tile, _Tile) -> (_Tile, _Tile)
  let valueGradientAndCurvature: @Sendable (_Tile, _Tile) -> (_Tile, _Tile, _Tile)
  let slopes: @Sendable (_Tile, _Tile) -> _TileParameterDual.Derivatives

  @usableFromInline
  init(
    value: @escaping @Sendable (_Tile, _Tile) -> _Tile,
    dual: @escaping @Sendable (_TileDual, _TileDual) -> _TileDual,
    secondDual: @escaping @Sendable (_TileSecondDual, _TileSecondDual) -> _TileSecondDual,
    parameterDual: @escaping @Sendable (_TileParameterDual, _TileParameterDual) -> _TileParameterDual
  ) {
    self.init(
      value: value,
      valueAndGradient: { z, y in
        let loss = dual(_TileDual(z, derivative: 1), _TileDual(y, derivative: 0))
        return (loss.value, loss.derivative)
      },
      valueGradientAndCurvature: { z, y in
        let loss = secondDual(
          _TileSecondDual(_TileDual(z, derivative: 1), derivative: 1),
          _TileSecondDual(_TileDual(y, derivative: 0), derivative: 0))
        return (loss.value.value, loss.value.derivative, loss.derivative.derivative)
      },
      parameterDual: parameterDual)
  }

  @usableFromInline
  init(
    value: @escaping @Sendable (_Tile, _Tile) -> _Tile,
    valueAndGradient: @escaping @Sendable (_Tile, _Tile) -> (_Tile, _Tile),
    valueGradientAndCurvature: @escaping @Sendable (_Tile, _Tile) -> (_Tile, _Tile, _Tile),
    parameterDual: @escaping @Sendable (_TileParameterDual, _TileParameterDual) -> _TileParameterDual
  ) {
    self.value = value
    self.valueAndGradient = valueAndGradient
    self.valueGradientAndCurvature = valueGradientAndCurvature
    slopes = { z, y in parameterDual(_TileParameterDual(z), _TileParameterDual(y)).derivatives }
  }
}

/// What the kernels call for a custom loss, from several threads at once.
final class FormulaEvaluator: Sendable {
  private let formula: _TileFormula
  private let parameterCount: Int
  private let arenas = TileArenaPool()

  init(_ formula: _TileFormula, parameterCount: Int) {
    self.formula = formula
    self.parameterCount = parameterCount
  }

  /// The loss as the kernels know it.
  var terms: _KernelTerms {
    let function: lk_tile_function = { context, call in
      guard let context, let call else { return }
      Unmanaged<FormulaEvaluator>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.evaluate(call.pointee) }
    }
    return _KernelTerms(function, parameterCount: parameterCount, owner: self)
  }

  /// Evaluates the formula on a tile; what is asked for decides the kind of numbers.
  private func evaluate(_ call: lk_tile_call) {
    guard let predictions = call.predictions, let targets = call.targets else { return }
    arenas.withArena { arena in
      arena.pointee.begin(call.scalar, count: Int(call.count))
      let (z, y) = (_Tile(predictions, in: arena), _Tile(targets, in: arena))
      if let slopes = call.slopes {
        let stride = Int(call.slope_stride) * arena.pointee.scalarSize
        let (a, b, c, d) = formula.slopes(z, y)
        arena.pointee.copy(a, to: slopes)
        arena.pointee.copy(b, to: slopes + stride)
        arena.pointee.copy(c, to: slopes + 2 * stride)
        arena.pointee.copy(d, to: slopes + 3 * stride)
      } else if call.curvature != nil {
        let (value, gradient, curvature) = formula.valueGradientAndCurvature(z, y)
        arena.pointee.copy(value, to: call.value)
        arena.pointee.copy(gradient, to: call.gradient)
        arena.pointee.copy(curvature, to: call.curvature)
      } else if call.gradient != nil {
        let (value, gradient) = formula.valueAndGradient(z, y)
        arena.pointee.copy(value, to: call.value)
        arena.pointee.copy(gradient, to: call.gradient)
      } else {
        arena.pointee.copy(formula.value(z, y), to: call.value)
      }
    }
  }
}
