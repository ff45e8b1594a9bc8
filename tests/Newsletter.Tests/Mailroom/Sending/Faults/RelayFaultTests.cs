using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>A whole edition goes through each fault that a relay can have, whichever way its letters go; the same fault is the same outcome.</summary>
[TestFixture(RelayWay.MailKit, false)]
[TestFixture(RelayWay.Bulk, false)]
[TestFixture(RelayWay.Bulk, true)]
public sealed class RelayFaultTests(RelayWay way, bool chunks) : RelayFaults<SqliteHome>(way, chunks)
{
    [TestCaseSource(typeof(FaultTable), nameof(FaultTable.Names))]
    public Task The_ledger_adds_up_and_the_edition_completes_after(string name) => GoThroughAsync(name);
}

/// <summary>The same on PostgreSQL, where the ledger is another.</summary>
public sealed class RelayFaultPostgresTests() : RelayFaults<PostgresHome>(RelayWay.Bulk, chunks: true)
{
    [TestCaseSource(typeof(FaultTable), nameof(FaultTable.NamesForPostgres))]
    public Task The_ledger_adds_up_and_the_edition_completes_after(string name) => GoThroughAsync(name);
}

/// <summary>Takes an edition through a fault of the table.</summary>
public abstract class RelayFaults<THome>(RelayWay way, bool chunks) : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    protected Task GoThroughAsync(string name) => FaultTable.Named(name) switch
    {
        { Timeout: var brief } fault when brief < TimeSpan.FromSeconds(1) => TimeOut.TryAsync(brief, timeout => GoThroughAnewAsync(fault with { Timeout = timeout })),
        var fault => GoThroughAsync(fault, Database),
    };

    private async Task GoThroughAnewAsync(Fault fault)
    {
        await using var home = new THome();
        await home.BuildAsync();
        await using var database = new Database(home.Provider, home.ConnectionString);
        await GoThroughAsync(fault, database);
    }

    private async Task GoThroughAsync(Fault fault, Database database)
    {
        var house = new FaultHouse(database);
        await using var server = fault.Server(chunks);
        var script = new FaultScript(fault);
        server.Script = script.Answer;
        await house.StartAsync(fault.IsBig, fault.IsBig ? 2 : FaultHouse.Readers);

        var ended = await house.SendAsync(Relay(fault, server));
        if (fault.Pauses is { } words)
        {
            Assert.That($"{ended.State}: {ended.StateReason}", Does.StartWith("Paused: ").And.Contain(words));
            server.Script = _ => null;
            await house.ResumeAsync();
            await house.SendAsync(Relay(fault, server));
        }

        Assert.That(script.Happened, Is.Positive, "the fault was there");
        Assert.That(await house.AttemptsAsync(), Is.EqualTo(chunks ? fault.InOneChunk ?? fault.Attempts : fault.Attempts));
        await house.AssertItAddsUpAsync(server.Letters, fault.Fails, fault.Repeats, fault.Suspends ? fault.Fails : 0);
    }

    private SmtpTransport Relay(Fault fault, LoopbackSmtp server) => new(new()
    {
        Way = way,
        Host = "127.0.0.1",
        Port = server.Port,
        Security = fault.Security,
        CertificateFingerprint = fault.Security is RelaySecurity.None ? "" : server.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
        User = fault.SignsIn ? "news" : "",
        Password = fault.SignsIn ? "secret" : "",
        Connections = fault.Connections,
        MaxPerConnection = fault.Most,
        Timeout = fault.Timeout,
    });
}
