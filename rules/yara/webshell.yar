/*
    Programs that let whoever calls them run commands (detections W05, H02).
*/

rule webshell_php
{
    meta:
        id = "yara:webshell-php"
        description = "PHP web shell: runs what a request sends"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "critical"
        technique = "T1505.003"
        class = "compromise"
    strings:
        $open = /<\?(php|=)|<script[ \t\r\n]{1,8}language[ \t]{0,4}=[ \t]{0,4}["']?php/ nocase
        // eval($_POST['x']), system(base64_decode($_COOKIE["c"])), @assert(stripslashes($_REQUEST{0}))
        $direct = /[^a-z0-9_>:](eval|assert|system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec|create_function)[ \t\r\n]{0,8}\([ \t\r\n]{0,8}@?([a-z0-9_]{3,20}[ \t]{0,4}\([ \t]{0,4}){0,3}@?\$_(GET|POST|REQUEST|COOKIE|SERVER|FILES)/ nocase
        $backtick = /`[ \t]{0,4}\{?\$_(GET|POST|REQUEST|COOKIE)\[/ nocase
        // $_GET['f']($_POST['c'])
        $indirect = /\$_(GET|POST|REQUEST|COOKIE)[ \t]{0,4}\[[^\]\n]{1,40}\][ \t]{0,4}\([ \t]{0,4}@?\$_(GET|POST|REQUEST|COOKIE)/ nocase
        // eval(gzinflate(base64_decode('…
        $packed = /[^a-z0-9_>:](eval|assert)[ \t\r\n]{0,8}\([ \t\r\n]{0,8}@?(gzinflate|gzuncompress|str_rot13|base64_decode|strrev|rawurldecode|hex2bin)[ \t]{0,4}\([ \t]{0,4}@?(gzinflate|gzuncompress|str_rot13|base64_decode|strrev|hex2bin|['"$])/ nocase
        $input_stream = /[^a-z0-9_>:](eval|assert|system)[ \t]{0,8}\([ \t]{0,8}file_get_contents[ \t]{0,4}\([ \t]{0,4}['"]php:\/\/input/ nocase
        $replace = /preg_replace[ \t]{0,4}\([ \t]{0,4}['"]\/[^\n'"]{1,40}\/[imsxu]{0,4}e[imsxu]{0,4}['"][ \t]{0,4},[ \t]{0,4}@?\$_(GET|POST|REQUEST|COOKIE)/ nocase
    condition:
        filesize < 4MB and $open and
        any of ($direct, $backtick, $indirect, $packed, $input_stream, $replace)
}

rule webshell_jsp
{
    meta:
        id = "yara:webshell-jsp"
        description = "JSP web shell: runs or loads what a request sends"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "critical"
        technique = "T1505.003"
        class = "compromise"
    strings:
        $open = /<%@ |<%! |<%= |<%[ \t\r\n]{1,8}[A-Za-z]|<jsp:scriptlet/
        $run = /Runtime[ \t\r\n]{0,4}\.[ \t\r\n]{0,4}getRuntime[ \t]{0,4}\([ \t]{0,4}\)[ \t\r\n]{0,4}\.[ \t\r\n]{0,4}exec/
        $builder = /new[ \t]{1,4}(java\.lang\.)?ProcessBuilder[ \t]{0,4}\(/
        $define = /\.[ \t]{0,4}defineClass[ \t]{0,4}\(|super\.defineClass/
        $script = /getEngineByName[ \t]{0,4}\([ \t]{0,4}"(js|javascript|nashorn)"/ nocase
        $input = /request[ \t]{0,4}\.[ \t]{0,4}get(Parameter|Reader|InputStream|Header|QueryString|Cookies)[ \t]{0,4}\(/
    condition:
        filesize < 4MB and $open and $input and any of ($run, $builder, $define, $script)
}

rule webshell_asp
{
    meta:
        id = "yara:webshell-asp"
        description = "ASP or ASP.NET web shell: runs what a request sends"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        severity = "critical"
        technique = "T1505.003"
        class = "compromise"
    strings:
        $open = /<%|<script[ \t\r\n]{1,8}[^>]{0,40}runat[ \t]{0,4}=[ \t]{0,4}["']?server/ nocase
        $eval = /[^a-z0-9_](eval|execute|executeglobal)[ \t]{0,4}\(?[ \t]{0,4}request[ \t]{0,4}(\.[ \t]{0,4}(item|form|querystring|params|cookies))?[ \t]{0,4}[(\[]/ nocase
        $shell = /createobject[ \t]{0,4}\([ \t]{0,4}["']wscript\.shell/ nocase
        $start = /process\.start[ \t]{0,4}\(|new[ \t]{1,4}processstartinfo/ nocase
        $load = /assembly\.load[ \t]{0,4}\([^\n]{0,120}request/ nocase
        $input = /request[ \t]{0,4}(\.[ \t]{0,4}(item|form|querystring|params|headers|cookies|binaryread))?[ \t]{0,4}[(\[]/ nocase
    condition:
        filesize < 4MB and $open and ($eval or $load or ($input and any of ($shell, $start)))
}
