/*
    Files that have no business among uploaded photos and forms (detections W06, X11).
*/

rule double_extension
{
    meta:
        id = "yara:double-extension"
        description = "Uploaded file with a double extension that a web server may run"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1036/007/"
        severity = "high"
        technique = "T1036.007, T1505.003"
        class = "attack"
    condition:
        (tree == "upload" or tree == "webroot") and
        (filename matches /\.(jpe?g|png|gif|webp|bmp|heic|pdf|xlsx?|docx?|csv)\.(php[0-9]?|phtml|pht|phar|phps|jspx?|jsw|aspx?|ashx|asmx|cgi|pl|py|sh|exe|svg|html?|htaccess)$/i or
         filename matches /\.(php[0-9]?|phtml|pht|phar|jspx?|aspx?|ashx|cgi)(\.|%00|;|::\$DATA)[^\/]{0,20}(jpe?g|png|gif|webp|pdf)?$/i)
}

rule program_in_upload
{
    meta:
        id = "yara:program-in-upload"
        description = "Program or script in a folder for uploads"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1105/"
        severity = "high"
        technique = "T1105"
        class = "attack"
    strings:
        $shebang = /^#![ \t]{0,4}\/(usr\/)?(local\/)?bin\//
        $batch = /^@echo off[\r\n]/ nocase
        $php = /^(\xEF\xBB\xBF)?[ \t\r\n]{0,64}<\?(php[ \t\r\n(]|=)/ nocase
    condition:
        tree == "upload" and
        (
            (uint32be(0) == 0x7F454C46 and (uint8(4) == 1 or uint8(4) == 2)) or
            (uint16be(0) == 0x4D5A and uint32(0x3C) < filesize and
             uint32be(uint32(0x3C)) == 0x50450000) or
            uint32be(0) == 0xCAFEBABE or
            (uint32be(0) == 0x504B0304 and extension matches /^\.(jar|war|apk)$/i) or
            any of them
        )
}
