using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Faults of ours in the middle of a pass, where letters in doubt are held.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class EditionRunTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly SendingOptions Options = SendingHome.Quick(InDoubtPolicy.Hold);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task A_domain_has_its_place_again_where_the_journal_could_not_be_written()
    {
        await House.SubscribeAsync(1);
        var edition = await House.EditionAsync(await House.StartAsync());
        var transport = new BreakingTransport();
        var desk = House.Desk(Options, transport) with { Plans = new(new SendingPlan([transport]) { Domains = [DomainRule.Of(new() { Match = "example.com", Connections = 1 })] }) };
        var pacer = new Pacer(desk, "");
        var journal = new ResultJournal(desk.Journals, desk.Worker, "here");
        var commits = new GroupCommit(journal, results => House.Deliveries.RecordAsync(results));
        var letters = new EditionLetters(edition, await House.Editions.RenderedAsync(edition.Id, Stop), desk, Some.Publication(), DkimSeal.None);

        journal.Dispose();
        using var run = new EditionRun(edition, letters, desk, pacer, commits, new(new(), desk.Time, null));
        Assert.That(() => run.RunAsync(Stop), Throws.InstanceOf<ObjectDisposedException>());
        var turn = await pacer.Set.Domains.Of("reader0@example.com", DateTimeOffset.UtcNow).BeginAsync(DateTimeOffset.UtcNow, Stop);

        Assert.That((turn.IsGiven, transport.Handed), Is.EqualTo((true, 0)), "and nothing has gone that the journal does not know of");
    }

    [TestCase(InDoubtPolicy.Hold, 1)]
    [TestCase(InDoubtPolicy.Resend, 2)]
    public async Task A_letter_in_which_we_broke_goes_again_only_where_so_configured(InDoubtPolicy policy, int handed)
    {
        await House.SubscribeAsync(1);
        var edition = await House.StartAsync();
        var transport = new BreakingTransport();
        await using var dispatcher = House.Dispatcher(SendingHome.Quick(policy), transport);

        Assert.That(() => dispatcher.SendDueAsync(edition, null, Stop), Throws.InvalidOperationException.With.Message.EqualTo("a fault of ours"));
        Assert.That(() => dispatcher.SendDueAsync(edition, null, Stop), policy is InDoubtPolicy.Hold ? Throws.Nothing : Throws.InvalidOperationException);

        Assert.That((transport.Handed, await House.TallyAsync(edition)), Is.EqualTo((handed, policy is InDoubtPolicy.Hold ? new Tally(InDoubt: 1) : new Tally(Claimed: 1))));
    }

    private sealed class BreakingTransport : ITransport, ITransportConnection
    {
        public string Name => "breaking";

        public int Connections => 1;

        public int Handed { get; private set; }

        public ITransportConnection Open() => this;

        public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => Task.FromResult<SmtpOutcome?>(null);

        public Task<SmtpOutcome> SendAsync(Letter letter)
        {
            Handed++;
            throw new InvalidOperationException("a fault of ours");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
