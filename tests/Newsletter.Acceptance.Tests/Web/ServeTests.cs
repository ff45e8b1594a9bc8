using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary><c>newsletter serve</c> as a person or a service manager starts and stops it.</summary>
public sealed class ServeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task It_says_where_it_is_and_ends_well_when_it_is_told_to(string signal)
    {
        if (signal is "INT")
            Machine.NeedCtrlC();
        using var serve = Start("serve", "--urls", "http://127.0.0.1:0", "--set", "Schedule:Weekly=Tuesday 08:30");
        var greeting = new List<string>();
        while (await serve.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            greeting.Add(line);
            if (line.Contains("dashboard", StringComparison.Ordinal))
                break;
        }
        var address = greeting.Single(line => line.Contains("address", StringComparison.Ordinal)).Split(' ')[^1];
        using var client = new HttpClient();
        var health = await client.GetStringAsync($"{address}/health");

        await Machine.RunAsync("kill", $"-{signal}", $"{serve.Id}");
        await serve.WaitForExitAsync().WaitAsync(Patience);

        Assert.That(health, Does.Contain("live"));
        Assert.That(string.Join('\n', greeting), Does.Contain("Tuesday 08:30").And.Contain("next Tuesday").And.Contain("Web:AdminPassword"));
        Assert.That(serve.ExitCode, Is.Zero, await serve.StandardError.ReadToEndAsync());
    }

    [Test]
    public async Task A_stop_in_the_middle_of_an_edition_leaves_every_letter_sent_or_waiting()
    {
        await File.WriteAllLinesAsync(folder.File("list.csv"), Enumerable.Range(0, 20_000).Select(i => $"reader{i}@example.net").Prepend("email"));
        await File.WriteAllTextAsync(folder.File("0001-spring.md"), "---\ntitle: Spring\nstatus: ready\n---\n\nHello.\n");
        Assert.That((await RunAsync(["subscribers", "import", folder.File("list.csv")])).Code, Is.Zero);
        using var serve = Start(["serve", "--urls", "http://127.0.0.1:0"]);
        Assert.That((await RunAsync(["schedule", folder.File("0001-spring.md"), "--at", "+1s"])).Code, Is.Zero);
        Assert.That(() => Letters(), Is.GreaterThan(100).After(60).Seconds.PollEvery(20));

        await Machine.RunAsync("kill", "-TERM", $"{serve.Id}");
        await serve.WaitForExitAsync().WaitAsync(Patience);

        var states = await StatesAsync();
        Assert.That(serve.ExitCode, Is.Zero);
        Assert.That(states.Keys, Is.EquivalentTo(new[] { "sent", "waiting" }));
        Assert.That(states["sent"], Is.EqualTo(Letters()));
        Assert.That(states.Values.Sum(), Is.EqualTo(20_000));
    }

    [Test]
    public async Task A_port_that_is_taken_is_one_line_and_exit_code_3()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, words) = await RunAsync("serve", "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");

        Assert.That((code, words.Trim().Split('\n').Length), Is.EqualTo((3, 1)), words);
        Assert.That(words, Does.Contain("--urls").And.Not.Contain("Exception"));
    }

    [TestCase("Publication:FromAddress=", "Publication:FromAddress")]
    [TestCase("Web:Urls=nonsense", "Web:Urls")]
    [TestCase("Schedule:Weekly=someday", "Schedule:Weekly")]
    public async Task A_setting_that_is_missing_or_wrong_is_one_line_and_exit_code_1_and_no_database_is_made(string setting, string named)
    {
        var (code, words) = await RunAsync("serve", "--set", setting);

        Assert.That((code, words.Trim().Split('\n').Length), Is.EqualTo((1, 1)), words);
        Assert.That(words, Does.Contain(named).And.Not.Contain("Exception"));
        Assert.That(Directory.Exists(folder.File("subscribers")), Is.False);
    }

    private int Letters() => Directory.Exists(folder.File("outbox")) ? Directory.EnumerateFiles(folder.File("outbox"), "*.eml", SearchOption.AllDirectories).Count() : 0;

    private async Task<Dictionary<string, long>> StatesAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={folder.File("subscribers", "newsletter.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select state, count(*) from deliveries group by state";
        await using var reader = await command.ExecuteReaderAsync();
        var states = new Dictionary<string, long>();
        while (await reader.ReadAsync())
            states[reader.GetString(0)] = reader.GetInt64(1);
        return states;
    }

    private async Task<(int Code, string Words)> RunAsync(params string[] arguments)
    {
        using var serve = Start(arguments);
        var words = await serve.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await serve.WaitForExitAsync().WaitAsync(Patience);
        return (serve.ExitCode, words);
    }

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path,
        "--set", "Publication:Name=Field Notes", "--set", "Publication:FromAddress=editor@example.org",
        "--set", "Publication:PostalAddress=1 Mill Lane", "--set", "Publication:BaseUrl=https://news.example.org", .. arguments,
    ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
