import UnrollCommands

unrollMain()
