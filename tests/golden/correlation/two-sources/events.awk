# Two logs of logins whose seconds coincide: -v log=a or b.
function event(second, outcome, user, ip) {
    printf "{\"@timestamp\":\"2024-11-27T06:%02d:%02dZ\",\"kind\":\"auth\",", second / 60, second % 60
    printf "\"logsource\":{\"product\":\"golden\",\"category\":\"golden\",\"service\":\"golden\"},"
    printf "\"event.outcome\":\"%s\",\"user.name\":\"%s\",\"source.ip\":\"%s\"}\n", outcome, user, ip
}
BEGIN {
    offset = log_name == "a" ? 0 : 1
    for (second = 0; second < 1200; second += 3) {
        if (second < 300) event(second, "failure", "user" (second / 3 + offset) % 9, "203.0.113.7")
        if (second % 20 < 3) event(second, "failure", "budi", "203.0.113." (20 + offset))
        if (second % 100 < 3) event(second, "failure", "probe", "203.0.113.99")
        if (second == 270 && offset == 0) event(second, "success", "user3", "203.0.113.7")
        if (second == 273 && offset == 1) event(second, "success", "ani", "203.0.113.30")
    }
}
