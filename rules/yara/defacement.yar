/*
    Pages that somebody has taken over (detections H02).
*/

rule defaced_page
{
    meta:
        id = "yara:defaced-page"
        description = "Page with a defacer's signature"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1491/002/"
        severity = "critical"
        technique = "T1491.002"
        class = "compromise"
    strings:
        // In a title or a heading, so that news about a defaced site stays quiet.
        $heading = /<(title|h1|h2|center|marquee|font)[^>]{0,120}>[^<]{0,80}(hacked|defaced|pwned|owned|touched|rooted|diretas|dihack)[ \t]{1,4}(by|oleh)[ \t:]{1,4}/ nocase
        $boast = /<(title|h1|h2|center|marquee)[^>]{0,120}>[^<]{0,40}(you have been|telah|your (site|security|system) (has been|was|got|is)) {1,4}(hacked|defaced|pwned|owned|diretas)/ nocase
    condition:
        filesize < 2MB and any of them
}

rule gambling_in_page
{
    meta:
        id = "yara:gambling-in-page"
        description = "Page stuffed with words that advertise online gambling (judi online)"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1491/002/"
        severity = "high"
        technique = "T1491.002"
        class = "compromise"
    strings:
        $page = /<(html|head|body|title|meta|href)/ nocase
        $w1 = "slot gacor" nocase
        $w2 = "situs slot" nocase
        $w3 = "judi online" nocase
        $w4 = "judi bola" nocase
        $w5 = "slot online" nocase
        $w6 = "maxwin" nocase fullword
        $w7 = "togel" nocase fullword
        $w8 = "rtp live" nocase
        $w9 = "bandar bola" nocase
        $w10 = "slot dana" nocase
        $w11 = "scatter hitam" nocase
    condition:
        filesize < 2MB and (tree == "webroot" or tree == "upload" or tree == "") and
        $page and 4 of ($w*)
}
