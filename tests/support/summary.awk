# Reads ctest's JUnit report: failed tests with their output, then the skipped ones and why, then
# the closing line.
function value(line, key) {
    if (!match(line, " " key "=\"[^\"]*\"")) return ""
    line = substr(line, RSTART, RLENGTH)
    sub(/^[^"]*"/, "", line); sub(/"$/, "", line)
    return line
}
function plain(text) {
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&amp;/, "\\&", text)
    return text
}
/<testcase / { name = plain(value($0, "name")); status = value($0, "status"); output = ""; why = ""; next_is_why = 0 }
/<system-out>/ { inside = 1 }
inside {
    line = plain($0); gsub(/<\/?system-out>/, "", line); sub(/^[ \t]+/, "", line)
    output = output line "\n"
    if (next_is_why && why == "" && line != "") why = line
    if (line ~ /: Skipped$/) next_is_why = 1
    if (line ~ /^SKIPPED: /) why = substr(line, 10)
}
/<\/system-out>/ { inside = 0 }
/<\/testcase>/ {
    if (status == "fail") { failed++; printf "FAILED %s\n%s\n", name, output }
    else if (status == "run") passed++
    else { skipped++; reasons[skipped] = name ": " (why == "" ? "not run" : why) }
}
END {
    for (i = 1; i <= skipped; i++) print "SKIPPED " reasons[i]
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
}
