import Foundation

/// Puts what was written to an open file, or the names in an open folder, onto the disk, so that a loss of
/// power does not take it. As `fsync`: 0, or -1 and `errno`.
///
/// On macOS `fsync` hands the data to the drive, which may keep it in its own memory; `F_FULLFSYNC` also has
/// the drive write it. File systems without that, such as some of a network, get what they have.
func putOnDisk(_ descriptor: Int32) -> Int32 {
  #if canImport(Darwin)
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
  #endif
  return fsync(descriptor)
}
