/*
    What YARA looks for in the bytes of a connection, whatever its protocol: rules with the tag
    `stream` are tried on windows of 64 KiB of each direction, which overlap by 4 KiB.
*/

rule interactive_shell_on_the_wire : stream
{
    meta:
        id = "yara:interactive-shell-on-the-wire"
        description = "A command interpreter without a terminal talks over a network connection"
        author = "Kentongan"
        version = "1"
        date = "2026-11-26"
        severity = "high"
        technique = "T1059"
        class = "attack"
        falsepositives = "Lessons and pages that quote such a session, over plain HTTP"
    strings:
        $bash = "bash: no job control in this shell"
        $bash_tty = "bash: cannot set terminal process group ("
        $dash = "can't access tty; job control turned off"
        $windows = /Microsoft Windows \[Version [0-9.]{5,20}\]\r\n\(c\) [^\r\n]{0,60}Microsoft Corporation/
        $prompt = /\r\n[A-Z]:\\[^\r\n<>|"]{0,200}>/
        $html = "<html" nocase
    condition:
        not $html and (any of ($bash, $bash_tty, $dash) or ($windows and $prompt))
}
