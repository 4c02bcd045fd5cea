/// The value of an option in a setting of a sweep.
package enum SettingValue {
  /// As people read it. A blank in a grid leaves the option out, which has no value then.
  package static func shown(_ value: String) -> String { value.isEmpty ? "default" : value }
}
