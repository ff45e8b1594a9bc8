using System.Diagnostics;
using System.Text.Json;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>A send is killed, its edition cancelled, and the issue sent anew: nobody is missed.</summary>
public sealed class AnewTests
{
    private const int Readers = 200;
    private const int Connections = 4;
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task Killed_cancelled_and_sent_anew_every_reader_gets_it_and_only_letters_in_flight_go_twice()
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(server.Port);
        await KillAsync(server, kept: 30);
        server.Script = _ => null;

        var cancel = await Newsletter.RunAsync("cancel", "1");
        var send = await Newsletter.RunAsync("send", "1", "--now", "--json");

        var copies = server.Letters.CountBy(letter => letter.To.Single()).ToDictionary();
        Assert.That((cancel.Code, send.Code), Is.EqualTo((0, 0)), send.Errors);
        Assert.That(JsonDocument.Parse(send.Output).RootElement.GetProperty("edition").GetInt32(), Is.EqualTo(2));
        Assert.That(copies.Keys, Is.EquivalentTo(Enumerable.Range(0, Readers).Select(Reader)), send.Output);
        Assert.That(server.Letters.Count - copies.Count, Is.LessThanOrEqualTo(Connections));
    }

    /// <summary>SIGKILL in the middle of a letter: the claims of the killed one stay in the ledger.</summary>
    private async Task KillAsync(LoopbackSmtp server, int kept)
    {
        using var sender = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {Newsletter.Command} send 1 --now"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = Task.WhenAll(sender.StandardError.ReadToEndAsync(), sender.StandardOutput.ReadToEndAsync());
        server.Script = moment =>
        {
            if (moment.Kept >= kept)
                sender.Kill();
            return null;
        };
        await sender.WaitForExitAsync();
        Assert.That(server.Letters, Has.Count.LessThan(Readers), string.Concat(await output));
    }

    private async Task SetUpAsync(int port)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello, here are words enough for one letter.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"{Reader(i)},Reader {i}")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Relays = new[] { new { Host = "127.0.0.1", Port = port, Security = "None", Connections } },
        }));
        Assert.That((await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);
    }

    private static string Reader(int i) => $"reader{i}@readers.test";
}
