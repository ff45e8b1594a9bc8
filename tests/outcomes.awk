# What a test program's report (.trx) says of the tests that did not pass.
#   awk -v list=skipped -f tests/outcomes.awk REPORT   each skipped test, a line: class.test: reason
#   awk -v list=failed  -f tests/outcomes.awk REPORT   each failed test with the beginning of its message, stack and output
# However many fail and however much they say, the list stays so short that the end of a log holds it.
BEGIN { most["Message"] = 12; most["StackTrace"] = 4; most["StdOut"] = 3; width = 240; room_for_words = 10000; room_for_names = 16000 }

/<UnitTestResult / {
  outcome = attribute("outcome")
  kind = outcome == "Passed" ? "" : outcome == "NotExecuted" ? "skipped" : "failed"
  id = kind == list ? attribute("testId") : ""
  if (id != "") { order[++count] = id; names[id] = attribute("testName") }
}
id != "" && part == "" && match($0, /<(Message|StackTrace|StdOut)>/) {
  part = substr($0, RSTART + 1, RLENGTH - 2)
  $0 = substr($0, RSTART + RLENGTH)
}
part != "" {
  line = $0
  ends = sub("</" part ">.*", "", line)
  take(line)
  if (ends) part = ""
}
/<UnitTest / { definition = attribute("id") }
/<TestMethod / { classes[definition] = attribute("className") }

END {
  for (i = 1; i <= count; i++) {
    id = order[i]
    name = plain(classes[id] "." names[id])
    if (list == "skipped") { print name ": " plain(reasons[id]); continue }
    name = substr(name, 1, 2 * width)
    if (said + length(name) > room_for_names) { print "and " count - i + 1 " more"; break }
    words = said < room_for_words ? texts[id, "Message"] texts[id, "StackTrace"] texts[id, "StdOut"] : ""
    said += length(name) + length(words)
    printf "%s\n%s", name, words
  }
}

function attribute(name) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }

function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&#x[DA];/, " ", text); gsub(/&amp;/, "\\&", text)
  return text
}

function take(line) {
  if (part == "Message") reasons[id] = reasons[id] (reasons[id] == "" ? "" : " ") line
  line = plain(line)
  if (part == "StackTrace") line = frame(line)
  if (line !~ /[^ \t]/ || line == last[id, part] || ++taken[id, part] > most[part]) return
  last[id, part] = line
  sub(/^ */, part == "StdOut" ? "    said: " : "    ", line)
  texts[id, part] = texts[id, part] substr(line, 1, width) "\n"
}

# Only what has a line of ours, and that line first: the frames of the runner say nothing.
function frame(line) {
  if (!match(line, / in .*:line [0-9]+/)) return ""
  place = substr(line, RSTART + 4, RLENGTH - 4)
  sub(/.*\//, "", place)
  sub(/^ *([0-9]+\) +)?at /, "", line) # NUnit numbers the stacks of a test
  return "at " place ", " substr(line, 1, index(line, " in ") - 1)
}
