import Foundation

/// Whether the tests run under a sanitizer (`tools/test --sanitize`), which takes signals for itself and reserves
/// more address space than tests of limits leave it.
package let isSanitized = ProcessInfo.processInfo.environment["UNROLL_SANITIZED"] != nil
