/// An option's name with the type of its value, so that the compiler checks every look-up:
/// `arguments[.hidden]` is an `Int`.
///
/// A key stands for one name in all commands, whose rows may differ in range, default and summary.
package struct OptionKey<Value: Sendable>: Sendable {
  /// Without dashes: `hidden`.
  package let name: String

  package init(_ name: String) { self.name = name }
}
