using System.Diagnostics;
using System.Text.Json;

namespace Newsletter.Acceptance.Tests;

/// <summary>A publication whose <c>send</c> is killed at chosen moments, over a loopback relay that counts.</summary>
internal sealed class KilledSender(int readers) : IAsyncDisposable
{
    public const int Connections = 4;

    private readonly TemporaryFolder folder = new();

    public LoopbackSmtp Relay { get; } = new();

    public TheProgram Program => field ??= new(folder.Path);

    /// <summary>Everybody who is to get the issue.</summary>
    public IEnumerable<string> Readers => Enumerable.Range(0, readers).Select(Reader);

    /// <summary>Where its worker writes what the ledger does not have yet.</summary>
    public string Journal => folder.File("subscribers", "journal");

    /// <summary>Writes the issue and the settings, and imports the readers.</summary>
    public async Task SetUpAsync(object sending, object? database = null)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: \"#1 - 1 May 2026\"\ndate: 2026-05-01\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, readers).Select(i => $"{Reader(i)},Reader {i}")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Database = database ?? new { Provider = "Sqlite" },
            Relays = new[] { new { Host = "127.0.0.1", Relay.Port, Security = "None", Connections } },
            Sending = sending,
        }));
        Assert.That((await Program.RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);
    }

    /// <summary>Starts it and kills it with SIGKILL when the relay has kept so many letters and next sees that stage; null: any.</summary>
    public async Task RunUntilAsync(int kept, LoopbackStage? stage)
    {
        using var sender = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, "send", "1", "--now"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = Task.WhenAll(sender.StandardError.ReadToEndAsync(), sender.StandardOutput.ReadToEndAsync());
        var killed = 0;
        Relay.Script = moment =>
        {
            // The greeting comes when the connections open, which is at the beginning of a run: any stage will do once the count is reached there.
            if (moment.Kept >= kept && (stage is null or LoopbackStage.Greeting || moment.Stage == stage) && Interlocked.Exchange(ref killed, 1) == 0)
                sender.Kill();
            return null;
        };
        await sender.WaitForExitAsync();
        var words = await output;
        Assert.That(killed, Is.EqualTo(1), $"it ended by itself at {Relay.Letters.Count}: {string.Concat(words)}");
        Relay.Script = static _ => null;
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        folder.Dispose();
    }

    private static string Reader(int i) => $"reader{i}@readers.test";
}
