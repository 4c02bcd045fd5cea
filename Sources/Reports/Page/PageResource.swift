/// The script and the style sheet of a page, from the files beside this one.
enum PageResource {
  static var script: String {
    [PackageResources.axes_js, PackageResources.figures_js, PackageResources.page_js].map(text)
      .joined(separator: "\n")
  }

  static var style: String { text(PackageResources.page_css) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
