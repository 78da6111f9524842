/*
    Images that are programs too (detections W05): a photo of a form C-Hasil with PHP, ASP or JSP
    code in its metadata, after its end, or anywhere in it.

    Never look for "<?" or "<?=" alone: in 4 MiB of compressed pixels three given bytes turn up by
    chance in one photo of four. A token and sixteen printable bytes after it do not.
*/

private rule is_image
{
    condition:
        (uint16be(0) == 0xFFD8 and uint8(2) == 0xFF) or              // JPEG
        (uint32be(0) == 0x89504E47 and uint32be(4) == 0x0D0A1A0A) or // PNG
        uint32be(0) == 0x47494638 or                                 // GIF
        (uint32be(0) == 0x52494646 and uint32be(8) == 0x57454250) or // WebP
        (uint16be(0) == 0x424D and uint32(2) == filesize)            // BMP
}

rule polyglot_image_script
{
    meta:
        id = "yara:polyglot-image-script"
        description = "Image with program code inside (PHP, ASP or JSP)"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1036/008/"
        severity = "critical"
        technique = "T1505.003, T1036.008, T1190"
        class = "attack"
    strings:
        $php = /<\?php[ \t\r\n(\/][\t\r\n -~]{16}/ nocase
        $php_echo = /<\?=[ \t]{0,4}(`|@?\$_(GET|POST|REQUEST|COOKIE|SERVER|FILES)|@?(eval|assert|system|passthru|shell_exec|exec|popen)[ \t]{0,4}\()[\t\r\n -~]{4}/ nocase
        $php_tag = /<script[ \t\r\n]{1,8}language[ \t]{0,4}=[ \t]{0,4}["']?php/ nocase
        $asp = /<%[@=]?[ \t\r\n]{0,4}(page|language|eval|execute|response\.|server\.)[\t\r\n -~]{16}/ nocase
        $jsp = /<%[@!]?[ \t\r\n]{0,4}(page import|Runtime\.getRuntime|String [a-z]{1,16} ?= ?request\.)[\t\r\n -~]{16}/
    condition:
        is_image and any of them
}

rule polyglot_image_webshell
{
    meta:
        id = "yara:polyglot-image-webshell"
        description = "Image with a PHP web shell inside: code that runs what a request sends"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "critical"
        technique = "T1505.003, T1036.008, T1190"
        class = "compromise"
    strings:
        $open = /<\?(php[ \t\r\n(\/]|=[ \t]{0,4}[`@$a-z])/ nocase
        $input = /\$_(GET|POST|REQUEST|COOKIE|SERVER|FILES)[ \t]{0,4}[\[{]/ nocase
        $run = /[^a-z0-9_](eval|assert|system|passthru|shell_exec|exec|popen|proc_open|base64_decode|create_function|file_put_contents|move_uploaded_file)[ \t]{0,8}\(/ nocase
    condition:
        is_image and $input and $run and
        for any i in (1..#open) : (
            $input in (@open[i]..@open[i] + 2048) and $run in (@open[i]..@open[i] + 2048)
        )
}

rule script_named_as_image
{
    meta:
        id = "yara:script-named-as-image"
        description = "Program code in a file named as an image"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1036/008/"
        severity = "high"
        technique = "T1036.008, T1505.003"
        class = "attack"
    strings:
        $php = /^(\xEF\xBB\xBF)?[ \t\r\n]{0,64}<\?(php[ \t\r\n(]|=)/ nocase
        $asp = /^(\xEF\xBB\xBF)?[ \t\r\n]{0,64}<%[@=! \t\r\n]/
        $shell = /^#![ \t]{0,4}\//
        $page = /^(\xEF\xBB\xBF)?[ \t\r\n]{0,64}<(!doctype html|html|script)[ \t\r\n>]/ nocase
    condition:
        extension matches /^\.(jpe?g|png|gif|webp|bmp|heic)$/i and
        (uint32be(0) == 0x7F454C46 or uint16be(0) == 0x4D5A or any of them)
}
