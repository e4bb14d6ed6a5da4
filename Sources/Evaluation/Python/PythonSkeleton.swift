/// The start of a user's Python file, with comments for everything it may define.
package enum PythonSkeleton {
  /// What the file is called unless the person says otherwise; found without a manifest.
  package static let fileName = "evaluator.py"

  package static var text: String {
    String(decoding: PackageResources.skeleton_py, as: UTF8.self)
  }
}
