import CLossKernels
import Synchronization

/// Memory for the intermediate results of a formula on one tile. Nothing is freed before the tile is done.
///
/// It is plain memory, because it is touched for every operation of every tile.
struct TileArena {
  /// The kind of the numbers.
  var scalar = lk_scalar_double

  /// How many samples the tile has.
  var count = 0

  /// Bytes of one result, in whole cache lines.
  private var size = 0

  private var next: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer

  /// What is in use: a first block, and further ones of a formula of many operations.
  private var blocks: [UnsafeMutableRawPointer]
  private var block = 0

  private static let blockSize = 1 << 16
  private static let alignment = 64

  private init() {
    next = .allocate(byteCount: Self.blockSize, alignment: Self.alignment)
    end = next + Self.blockSize
    blocks = [next]
  }

  /// An arena in memory of its own.
  static func make() -> UnsafeMutablePointer<TileArena> {
    let pointer = UnsafeMutablePointer<TileArena>.allocate(capacity: 1)
    pointer.initialize(to: TileArena())
    return pointer
  }

  static func destroy(_ arena: UnsafeMutablePointer<TileArena>) {
    for block in arena.pointee.blocks { block.deallocate() }
    arena.deinitialize(count: 1)
    arena.deallocate()
  }

  /// Bytes of one number.
  var scalarSize: Int { scalar == lk_scalar_float ? 4 : 8 }

  /// Begins a tile; what was allocated before is free.
  mutating func begin(_ scalar: lk_scalar, count: Int) {
    self.scalar = scalar
    self.count = count
    size = (count * scalarSize + Self.alignment - 1) / Self.alignment * Self.alignment
    block = 0
    useBlock()
  }

  /// Memory for one result.
  mutating func allocate() -> UnsafeMutableRawPointer {
    if next + size > end {
      block += 1
      // A tile has at most 512 samples: a block has room for some results.
      if block == blocks.count { blocks.append(.allocate(byteCount: Self.blockSize, alignment: Self.alignment)) }
      useBlock()
    }
    defer { next += size }
    return next
  }

  private mutating func useBlock() {
    next = blocks[block]
    end = next + Self.blockSize
  }

  /// Writes the numbers of a tile, or as many copies of a constant.
  func copy(_ tile: _Tile, to output: UnsafeMutableRawPointer?) {
    guard let output else { return }
    if let memory = tile.memory {
      output.copyMemory(from: memory, byteCount: count * scalarSize)
    } else if scalar == lk_scalar_float {
      output.initializeMemory(as: Float.self, repeating: Float(tile.constant), count: count)
    } else {
      output.initializeMemory(as: Double.self, repeating: tile.constant, count: count)
    }
  }
}

/// The arenas of a loss, one for each thread that evaluates it at the same time.
final class TileArenaPool: Sendable {
  /// Those that nobody uses.
  private let free = Mutex<[Arena]>([])

  deinit {
    free.withLock { arenas in
      for arena in arenas { TileArena.destroy(arena.pointer) }
    }
  }

  /// Calls `body` with an arena that nobody else uses meanwhile.
  func withArena(_ body: (UnsafeMutablePointer<TileArena>) -> Void) {
    let arena = free.withLock { $0.popLast() } ?? Arena(pointer: TileArena.make())
    body(arena.pointer)
    free.withLock { $0.append(arena) }
  }

  private struct Arena: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<TileArena>
  }
}
