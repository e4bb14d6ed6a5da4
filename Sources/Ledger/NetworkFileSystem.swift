import Foundation

/// Whether a folder is on a file system that other machines may use at the same time.
///
/// Told by the type that the longest matching entry of `/proc/self/mounts` has; where there is no
/// such list, no folder is.
func isOnNetworkFileSystem(_ folder: String, mounts: String? = nil) -> Bool {
  let list = mounts ?? (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
  let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
  var longest = 0
  var type: Substring = ""
  for line in list.split(separator: "\n") {
    let fields = line.split(separator: " ")
    guard fields.count >= 3 else { continue }
    let point = fields[1].replacing("\\040", with: " ")
    let prefix = point.hasSuffix("/") ? point : point + "/"
    // Of two mounts on one point the later one is seen.
    if (resolved + "/").hasPrefix(prefix), prefix.count >= longest {
      longest = prefix.count
      type = fields[2]
    }
  }
  let networkTypes: Set<Substring> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "glusterfs", "9p",
    "afs", "ncpfs", "orangefs", "wekafs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs",
    "fuse.rclone", "fuse.gcsfuse", "fuse.juicefs",
  ]
  return networkTypes.contains(type)
}
