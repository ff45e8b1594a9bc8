using System.Net;
using System.Net.Sockets;

namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>Settings that are missing or wrong: the key, the file and the remedy in one line, and nothing begun: no database, no keys, no edition.</summary>
public sealed class BadSettingTests : IDisposable
{
    private const string Garbage = "this is no key";
    private readonly APublication publication = new();

    [TestCase("send", "Publication:FromAddress=", "Publication:FromAddress is missing")]
    [TestCase("schedule", "Publication:PostalAddress=", "Publication:PostalAddress is missing")]
    [TestCase("serve", "Publication:BaseUrl=", "Publication:BaseUrl is missing")]
    [TestCase("send", "Publication:BaseUrl=", "Publication:BaseUrl is missing")]
    [TestCase("schedule", "Publication:FromAddress=me", "Publication:FromAddress is no mail address; write it as editor@example.org")]
    [TestCase("serve", "Publication:TimeZone=Mars/Olympus", "Publication:TimeZone is no time zone; write an IANA name")]
    [TestCase("render", "Publication:PostalAddress=", "Publication:PostalAddress is missing")]
    [TestCase("send", "Sending:BatchSize=many", "Sending:BatchSize is not a whole number")]
    [TestCase("schedule", "Sending:InDoubt=perhaps", "Sending:InDoubt is not one of Resend, Hold")]
    [TestCase("serve", "Sending:ClaimFor=long", "Sending:ClaimFor is not a time span such as")]
    [TestCase("serve", "Relays:0:Port=submission", "Relays:0:Port is not a whole number")]
    [TestCase("send", "Relays:0:User=me", "Relays:0:Host is missing")]
    [TestCase("serve", "Returns:Mailboxes:0:Kind=Pigeon", "Returns:Mailboxes:0:Kind is not one of Maildir, Imap")]
    [TestCase("serve", "Returns:Notifications:0:Name=ses", "Returns:Notifications:0:Kind is missing")]
    [TestCase("serve", "Returns:Notification:0:Name=ses", "Returns:Notification is no key of the configuration; did you mean Returns:Notifications?")]
    [TestCase("send", "Sending:Sandbx=me@example.org", "Sending:Sandbx is no key of the configuration; did you mean Sending:Sandbox?")]
    [TestCase("schedule", "Sandbox=me@example.org", "Sandbox is no section of the configuration; docs/configuration.md has all of them")]
    [TestCase("serve", "Sendng:Sandbox=me@example.org", "Sendng is no section of the configuration; did you mean Sending?")]
    [TestCase("proof", "Relays:Host=mail.example.org", "Relays:Host: Relays is a list; write \"Relays\": [ { … } ], or Relays:0:Host with --set")]
    [TestCase("send", "Database:Provider=Oracle", "Database:Provider is not one of Sqlite, Postgres")]
    public async Task One_that_is_missing_or_of_the_wrong_kind_is_said_with_its_key_and_file(string verb, string setting, string words)
    {
        var run = await RunAsync(verb, "--set", setting);

        APublication.Says(run, 1, words, publication.File("appsettings.json"), "--set");
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [Test]
    public async Task All_faults_are_said_at_once_a_line_for_each_section()
    {
        var run = await RunAsync("send", "--set", "Publication:FromAddress=", "--set", "Publication:BaseUrl=", "--set", "Sending:BatchSize=0", "--set", "Schedule:Weekly=someday");

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((1, 3)), run.Errors);
        Assert.That(run.ErrorLines[0], Does.Contain("FromAddress").And.Contain("BaseUrl"));
    }

    [TestCase("send")]
    [TestCase("schedule")]
    [TestCase("serve")]
    [TestCase("render")]
    public async Task A_configuration_that_is_no_json_is_said_with_line_and_column(string verb)
    {
        await File.WriteAllTextAsync(publication.File("appsettings.json"), "{\n  \"Publication\": {\n    \"Name\": Field Notes\n  }\n}\n");

        var run = await RunAsync(verb);

        APublication.Says(run, 1, $"{publication.File("appsettings.json")}:3:13: this is not valid JSON");
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [TestCase("[]")]
    [TestCase("")]
    public async Task A_configuration_that_holds_no_keys_is_said(string text)
    {
        await File.WriteAllTextAsync(publication.File("appsettings.json"), text);

        var run = await RunAsync("send");

        APublication.Says(run, 1, publication.File("appsettings.json"), "this is not valid JSON");
    }

    [TestCase(1, "there is no such file", "--config", "no.json")]
    [TestCase(2, "write Section:Key=Value", "--set", "Publication:Name")]
    [TestCase(2, "write Section:Key=Value", "--set", "=Name")]
    public async Task An_argument_that_leads_nowhere_is_said_and_makes_nothing(int code, string words, params string[] arguments)
    {
        var before = publication.Everything.ToList();

        var run = await RunAsync("send", arguments);

        APublication.Says(run, code, arguments[0], words, arguments[1]);
        Assert.That(publication.Everything, Is.EqualTo(before));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_said_and_not_made()
    {
        var nowhere = publication.File("nowhere");

        var run = await publication.Newsletter.RunAsync("sh", ["-c", $"{new TheProgram(nowhere).Command} send 5 --now"], "");

        APublication.Says(run, 1, $"--root {nowhere}: there is no such folder");
        Assert.That(Directory.Exists(nowhere), Is.False);
    }

    [TestCase("frobnicate")]
    [TestCase("send")]
    [TestCase("send", "5")]
    [TestCase("schedule", "5")]
    [TestCase("render", "issues")]
    [TestCase("status", "abc")]
    public async Task A_command_line_that_is_none_is_one_line_and_exit_code_2(params string[] command)
    {
        var run = await publication.Newsletter.RunAsync(command);

        APublication.Says(run, 2, "--help");
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [TestCase("Sqlite", "nonsense")]
    [TestCase("Sqlite", "Flavour=sweet;Password=sesame")]
    [TestCase("Postgres", "Host=127.0.0.1;Flavour=sweet;Password=sesame")]
    [TestCase("Postgres", "")]
    public async Task A_connection_string_that_is_none_is_said_without_its_words(string provider, string text)
    {
        var run = await RunAsync("send", "--set", $"Database:Provider={provider}", "--set", $"Database:ConnectionString={text}");

        APublication.Says(run, 1, "Database:ConnectionString", "=");
        Assert.That(run.Errors, Does.Not.Contain("sesame"));
    }

    [Test]
    public async Task A_signing_key_that_is_missing_or_garbage_is_said_and_nothing_goes_out_unsigned(
        [Values("render", "schedule", "send", "serve")] string verb, [Values] bool isThere)
    {
        if (isThere)
            await File.WriteAllTextAsync(publication.File("dkim.pem"), Garbage);

        var run = await RunAsync(verb, "--set", "Dkim:0:Domain=example.org", "--set", "Dkim:0:Selector=s1", "--set", "Dkim:0:KeyFile=dkim.pem");

        APublication.Says(run, 1, $"Dkim:0:KeyFile {publication.File("dkim.pem")}: ", isThere ? "there is no private key in PEM" : "there is no such file", "openssl genrsa");
        Assert.That(publication.Everything.Where(path => path.StartsWith("out", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [TestCase("send", "")]
    [TestCase("send", "null")]
    [TestCase("send", "[]")]
    [TestCase("schedule", "{}")]
    [TestCase("schedule", """{"current":1,"keys":{"1":null}}""")]
    [TestCase("serve", """{"current":1,"keys":{"1":"AA=="}}""")]
    [TestCase("serve", "\u007fELF")]
    public async Task A_damaged_key_file_is_said_and_never_written_over(string verb, string keys)
    {
        await publication.AddReadersAsync(1);
        await File.WriteAllTextAsync(publication.File("subscribers", "keys.json"), keys);

        var run = await RunAsync(verb);

        APublication.Says(run, 1, publication.File("subscribers", "keys.json"), "restore it from a backup");
        Assert.That(await File.ReadAllTextAsync(publication.File("subscribers", "keys.json")), Is.EqualTo(keys));
        Assert.That(publication.Count("editions"), Is.Zero);
    }

    [Test]
    public async Task Serve_on_a_port_that_is_taken_says_so_and_ends()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var run = await publication.Newsletter.RunAsync("serve", "--urls", url);

        APublication.Says(run, 3, url, "--urls");
    }

    public void Dispose() => publication.Dispose();

    private Task<Ran> RunAsync(string verb, params string[] arguments) => publication.Newsletter.RunAsync(
    [
        .. verb switch
        {
            "render" => ["render", "issues", "--out", "out"],
            "schedule" => ["schedule", "5", "--at", "+2h"],
            "serve" => ["serve", "--urls", "http://127.0.0.1:0"],
            _ => (string[])["send", "5", "--now"],
        },
        .. arguments,
    ]);
}
