using System.Text.Json;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A provider that says "user unknown" for everybody, through the front door: the command line alone, and a real relay.</summary>
public sealed class WaveTests
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task Five_hundred_readers_refused_alike_pause_the_edition_suspend_nobody_and_are_undone_at_once_while_dead_addresses_elsewhere_are_suspended_as_always()
    {
        await using var server = new LoopbackSmtp { Script = Refuse };
        await SetUpAsync(server);

        await Newsletter.RunAsync("send", "1", "--now", "--json");
        var status = Json((await Newsletter.RunAsync("status", "1", "--json")).Output);
        var incident = Json((await Newsletter.RunAsync("incidents", "--json")).Output);
        var told = await Newsletter.RunAsync("status");
        await Newsletter.RunAsync("resume", "1");
        await Newsletter.RunAsync("send", "1", "--now", "--json"); // what was not sent before the pause
        var suspended = Lines((await Newsletter.RunAsync("suspensions", "--json")).Output);
        var undone = await Newsletter.RunAsync("incidents", "undo", "1", "--why", "their directory was down");
        server.Script = _ => null;
        var retried = await Newsletter.RunAsync("retry", "1", "--incident", "1");
        await Newsletter.RunAsync("send", "1", "--now", "--json");
        var shown = await Newsletter.RunAsync("subscribers", "show", "reader0@ill.example");
        var after = Json((await Newsletter.RunAsync("incidents", "show", "1", "--json")).Output);

        Assert.That((status.GetProperty("state").GetString(), status.GetProperty("reason").GetString()), Is.EqualTo(("paused", $"incident 1: {incident.GetProperty("found").GetString()}")));
        Assert.That(told.Output, Does.Match("\nincident  1 is open, [0-9]+ readers refused alike at ill.example: newsletter incidents show 1\n"));
        Assert.That((await Newsletter.RunAsync("status", "1")).Output, Does.Not.Contain("is open"), "it is undone");
        Assert.That(incident.GetProperty("words").GetString(), Is.EqualTo("550 5.1.1 (address) Recipient address rejected: User unknown in virtual mailbox table"));
        Assert.That((incident.GetProperty("provider").GetString(), incident.GetProperty("suspended").GetInt64()), Is.EqualTo(("ill.example", 0)));
        Assert.That(suspended.Select(line => line.GetProperty("address").GetString()), Is.EquivalentTo(Enumerable.Range(0, 40).Select(i => $"dead@host{i}.example")), "real ones, scattered over domains");
        Assert.That((undone.Code, retried.Output), Is.EqualTo((0, "500 deliveries of edition 1 are due once more: newsletter serve sends them, or newsletter send ISSUE --now.\n")), undone.Errors);
        Assert.That(shown.Output, Does.Contain("incident 1: does not count").And.Contain("state:          active"));
        Assert.That((after.GetProperty("state").GetString(), after.GetProperty("readers").GetInt64(), after.GetProperty("suspended").GetInt64()), Is.EqualTo(("undone", 500, 0)));
        Assert.That(server.Letters.Count(letter => letter.To.Single().EndsWith("@ill.example", StringComparison.Ordinal)), Is.EqualTo(500), "they have it after all");
    }

    [Test]
    public async Task What_no_incident_caught_is_given_back_by_the_servers_words()
    {
        await using var server = new LoopbackSmtp { Script = Refuse };
        await SetUpAsync(server, "--set", "Returns:Incidents:Watch=false");

        var dry = await Newsletter.RunAsync("suspensions", "undo", "--words", "USER unknown in", "--domain", "ill.example", "--dry-run");
        var undone = await Newsletter.RunAsync("suspensions", "undo", "--words", "USER unknown in", "--domain", "ill.example", "--why", "their directory was down", "--json");
        var again = await Newsletter.RunAsync("suspensions", "undo", "--words", "USER unknown in", "--domain", "ill.example");
        var nobody = await Newsletter.RunAsync("suspensions", "undo");
        var accepted = await Newsletter.RunAsync("incidents", "accept", "1");

        Assert.That(dry.ErrorLines[^1], Is.EqualTo("500 suspended"));
        Assert.That((Json(undone.Output).GetProperty("incident").GetInt64(), Json(undone.Output).GetProperty("changed").GetInt32()), Is.EqualTo((1, 500)));
        Assert.That((again.Code, nobody.Code), Is.EqualTo((1, 2)), "nobody is suspended so; and a question that asks for nothing is wrong usage");
        Assert.That(accepted.Output, Is.EqualTo("Incident 1 is accepted: 500 readers are suspended.\n"));
    }

    private static LoopbackAnswer.Reply? Refuse(LoopbackMoment moment) => moment.Stage is not LoopbackStage.Recipient ? null
        : moment.To.EndsWith("@ill.example", StringComparison.Ordinal) ? new LoopbackAnswer.Reply($"550 5.1.1 <{moment.To}>: Recipient address rejected: User unknown in virtual mailbox table")
        : moment.To.StartsWith("dead@", StringComparison.Ordinal) ? new LoopbackAnswer.Reply($"550 5.1.1 <{moment.To}>: Recipient address rejected: User unknown in virtual mailbox table")
        : null;

    /// <summary>500 readers at a provider that is ill, 40 dead addresses over as many domains, 2,400 others; an edition sent where settings are given.</summary>
    private async Task SetUpAsync(LoopbackSmtp server, params string[] sendWith)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: Spring\n---\n\nHello.\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None" } },
            Sending = new { PauseAfterRefusals = 10_000, PauseAtBounces = 0 }, // the threshold has tests of its own; whether it or the wave is seen first is a question of speed
        }));
        await File.WriteAllLinesAsync(folder.File("readers.csv"),
        [
            "email", .. Enumerable.Range(0, 2400).Select(i => $"reader{i}@host{i % 300}.example"), .. Enumerable.Range(0, 40).Select(i => $"dead@host{i}.example"), .. Enumerable.Range(0, 500).Select(i => $"reader{i}@ill.example"),
        ]);
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
        if (sendWith.Length > 0)
            Assert.That((await Newsletter.RunAsync(["send", "1", "--now", .. sendWith])).Code, Is.Zero);
    }

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    private static List<JsonElement> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json)];
}
