using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>A publication on PostgreSQL with readers, a relay that counts, and any number of worker processes.</summary>
internal sealed class WorkerHouse : IAsyncDisposable
{
    public const int Connections = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();
    private readonly NpgsqlDataSource database;
    private readonly List<Worker> workers = [];
    private readonly int readers;

    private WorkerHouse(string connectionString, int readers) => (database, this.readers) = (NpgsqlDataSource.Create(connectionString), readers);

    public LoopbackSmtp Relay { get; } = new();

    public TheProgram Newsletter => field ??= new(folder.Path);

    /// <summary>Sets it up, the issue on the schedule for now.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="readers">How many there are.</param>
    /// <param name="perSecond">The letters that all workers together may send in a second.</param>
    public static async Task<WorkerHouse> OpenAsync(string connectionString, int readers, int perSecond)
    {
        var house = new WorkerHouse(connectionString, readers);
        await house.WriteIssueAsync(1);
        await File.WriteAllLinesAsync(house.folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, readers).Select(i => $"{Reader(i)},Reader {i}")]);
        await File.WriteAllTextAsync(house.folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Relays = new[] { new { Host = "127.0.0.1", house.Relay.Port, Security = "None", Connections, Rate = perSecond } },
            Database = new { Provider = "Postgres", ConnectionString = connectionString },
            Sending = new { ClaimFor = "00:00:05", BatchSize = 20 },
        }));
        await house.DoAsync("subscribers", "import", house.folder.File("readers.csv"));
        return house;
    }

    /// <summary>Runs a verb that must succeed.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var run = await Newsletter.RunAsync(arguments);
        Assert.That(run.Code, Is.Zero, run.Errors);
        return run.Output;
    }

    public async Task WriteIssueAsync(int number)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", $"{number:0000}.md"), $"---\ntitle: \"#{number} - May 2026\"\ndate: 2026-05-01\nstatus: ready\n---\n\nHello {{{{ subscriber.name | default: \"you\" }}}}.\n");
    }

    /// <summary>Starts so many workers side by side.</summary>
    public async Task<Worker[]> StartAsync(int count, params string[] settings)
    {
        var started = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Worker.StartAsync(folder.Path, settings)));
        lock (workers)
            workers.AddRange(started);
        return started;
    }

    /// <summary>Waits until the first cell of the first row of a question is this; a database that is away is asked again.</summary>
    public async Task WaitForAsync(string sql, string expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await AskAsync(sql) is var found && found != expected)
        {
            Assert.That(patience.IsCancellationRequested, Is.False, () => $"{sql}: {found}, not {expected}; {Relay.Letters.Count} letters");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until an issue's edition is complete. (Not by its number: a database that was killed leaves some out.)</summary>
    public Task CompleteAsync(int issue = 1) => WaitForAsync($"select state from editions where issue_number = {issue}", "complete");

    /// <summary>The first cell of the first row, as text; null where the database is away.</summary>
    public async Task<string?> AskAsync(string sql)
    {
        try
        {
            await using var command = database.CreateCommand(sql);
            return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>Nobody was missed, at most so many letters went twice, and those under the same Message-ID; the ledger says the same.</summary>
    public async Task AddsUpAsync(int doublesAtMost)
    {
        var byReader = Relay.Letters.GroupBy(letter => letter.To.Single()).ToDictionary(group => group.Key, group => group.ToList());
        var doubles = Relay.Letters.Count - byReader.Count;
        var tally = JsonDocument.Parse(await DoAsync("status", "1", "--json")).RootElement;
        await TestContext.Out.WriteLineAsync($"{Relay.Letters.Count} letters over {Relay.Connections} connections, {doubles} doubles ({doublesAtMost} allowed)");
        Assert.That(byReader.Keys, Is.EquivalentTo(Enumerable.Range(0, readers).Select(Reader)));
        Assert.That(byReader.Values.Select(copies => copies.Select(copy => copy.MessageId).Distinct().Count()), Has.All.EqualTo(1));
        Assert.That(doubles, Is.LessThanOrEqualTo(doublesAtMost));
        Assert.That((tally.GetProperty("state").GetString(), tally.GetProperty("sent").GetInt32(), tally.GetProperty("candidates").GetInt32()), Is.EqualTo(("complete", readers, readers)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        await Relay.DisposeAsync();
        await database.DisposeAsync();
        folder.Dispose();
    }

    private static string Reader(int i) => $"reader{i}@readers.test";
}
