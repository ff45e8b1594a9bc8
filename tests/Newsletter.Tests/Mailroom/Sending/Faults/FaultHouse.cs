using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>A house with a few readers and an edition, through which a fault goes, and what its ledger says afterwards. Its clock runs as fast as the work allows.</summary>
internal sealed class FaultHouse(Database database, string? journals = null)
{
    /// <summary>One more has left before the edition: a candidate that is excluded.</summary>
    public const int Readers = 6;

    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly KeptProgress progress = new();

    public FakeTimeProvider Clock { get; } = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public SendingHome Home => field ??= journals is null ? new(database, Clock) : new(database, Clock) { Journals = journals };

    /// <summary>How far the clock goes at a time.</summary>
    public TimeSpan Step { get; set; } = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<SubscriberId> People { get; private set; } = [];

    public EditionId Edition { get; private set; }

    public async Task StartAsync(bool isBig = false, int readers = Readers)
    {
        People = await Home.SubscribeAsync(readers + 1);
        await Home.LeaveAsync(People[readers]);
        var issue = Some.RenderedIssue();
        Edition = await Home.StartAsync(isBig ? issue with { Text = Template.Of(string.Concat(Enumerable.Repeat("A line that is long enough to fill what lies between us.\n", 85_000))) } : issue);
    }

    /// <summary>What was told of relays that do not take letters just now.</summary>
    public IReadOnlyList<string> Troubles => [.. progress.All.Select(report => report.Trouble).OfType<string>()];

    public Dispatcher Dispatcher(params ITransport[] relays) => Home.Dispatcher(SendingHome.Quick(batch: 3), relays);

    /// <summary>Sends with a dispatcher of its own, as a new process does.</summary>
    public async Task<Edition> SendAsync(params ITransport[] relays)
    {
        await using var dispatcher = Dispatcher(relays);
        return await SendAsync(dispatcher, () => { }, Stop);
    }

    /// <summary>Sends; the first trouble with a relay is answered with <paramref name="cure"/>.</summary>
    public async Task<Edition> SendAsync(Dispatcher dispatcher, Action cure, CancellationToken stop)
    {
        var sending = dispatcher.SendUntilSettledAsync(Edition, progress, stop);
        if (await HastenAsync(Task.WhenAny(sending, progress.FirstTrouble)) == progress.FirstTrouble)
            cure();
        return await HastenAsync(sending);
    }

    public Task ResumeAsync() => Home.Editions.StepAsync(Edition, EditionState.Running, "", Clock.GetUtcNow(), Stop);

    /// <summary>Lets the clock go on by itself until the work is done: what waits for a time need not wait for it.</summary>
    public async Task<T> HastenAsync<T>(Task<T> work)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!work.IsCompleted && !patience.IsCancellationRequested)
        {
            Clock.Advance(Step);
            await Task.WhenAny(work, Task.Delay(2, Stop));
        }
        return await work.WaitAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Outcome, code and enhanced status of the attempts that failed, each once.</summary>
    public async Task<string> AttemptsAsync() => await AskAsync(async connection => string.Join(", ", (await connection.QueryAsync<(string Outcome, long? Code, string? Status)>(
            "select distinct outcome, reply_code, reply_status from attempts where edition_id = @Value order by outcome, reply_code", Edition))
        .Select(row => $"{row.Outcome} {row.Code} {row.Status}".TrimEnd())));

    /// <summary>Nobody missed, nobody twice but where the relay kept a letter and did not say so, nobody punished, and the sums are right.</summary>
    public async Task AssertItAddsUpAsync(IReadOnlyList<ReceivedLetter> letters, int failed = 0, bool repeats = false, int suspended = 0)
    {
        var tally = await Home.TallyAsync(Edition);
        var edition = await Home.EditionAsync(Edition);
        var excluded = (await Home.Editions.ExclusionsAsync(Edition, Stop)).Values.Sum();
        var readers = People.Count - 1;
        var got = letters.GroupBy(letter => letter.To.Single()).ToDictionary(copies => copies.Key, copies => copies.Select(letter => letter.MessageId).ToList());
        var states = await AskAsync(async connection => (await connection.QueryAsync<string>("select state from subscribers order by id")).ToList());
        Assert.Multiple(() =>
        {
            Assert.That((edition.State, tally), Is.EqualTo((EditionState.Complete, new Tally(Sent: readers - failed, Failed: failed))));
            Assert.That((edition.Candidates, excluded), Is.EqualTo((tally.Total + excluded, 1L)), "candidates = states + excluded");
            Assert.That(got, Has.Count.EqualTo(readers - failed), "nobody is missed");
            Assert.That(got.Values.SelectMany(ids => ids.Distinct()).Distinct().Count(), Is.EqualTo(readers - failed), "one Message-ID each, whatever the copies");
            Assert.That(letters.Count, repeats ? Is.GreaterThanOrEqualTo(got.Count) : Is.EqualTo(got.Count), "nobody gets it twice");
            Assert.That(states.CountBy(state => state).OrderBy(count => count.Key), Is.EqualTo(Expected(readers - suspended, suspended)), "no reader pays");
        });
    }

    private static IEnumerable<KeyValuePair<string, int>> Expected(int active, int suspended) =>
        new[] { ("active", active), ("suspended", suspended), ("unsubscribed", 1) }.Where(state => state.Item2 > 0).Select(state => KeyValuePair.Create(state.Item1, state.Item2));

    private async Task<T> AskAsync<T>(Func<System.Data.Common.DbConnection, Task<T>> question)
    {
        await using var connection = await database.OpenAsync(Stop);
        return await question(connection);
    }
}
