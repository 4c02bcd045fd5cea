import Testing
import UnrollText

struct TextTableTests {
  @Test func numbersStandToTheRight() {
    var table = TextTable("cell", "clip", "loss", "half-life")
    table.append(["lstm", "norm:1", "0.00812", "-"])
    table.append(["rnn", "none", "12.5", "3.1 steps"])
    table.append(["a", "1", "nan", ""])
    #expect(
      table.text() == """
        cell  clip       loss  half-life
        lstm  norm:1  0.00812          -
        rnn   none       12.5  3.1 steps
        a     1           nan
        """)
  }

  /// As it would be with numbers in it.
  @Test func aColumnWithoutValuesStandsToTheRight() {
    var table = TextTable("cell", "steps", "error")
    table.append(["lstm", "-", "<0.001"])
    #expect(
      table.text() == """
        cell  steps   error
        lstm      -  <0.001
        """)
  }

  @Test func stylesDoNotShiftColumns() {
    var table = TextTable("outcome", "n")
    table.append([TextStyle.green.applied(to: "solved"), "1"])
    table.append(["no", "10"])
    #expect(table.lines().map(StyledText.columns) == [11, 11, 11])
  }

  @Test func aTableMayHaveNoRows() {
    #expect(TextTable("a", "b").text() == "a  b")
  }
}
