using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A person stops an edition in the process that sends it, as the pages of <c>serve</c> do.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class StopByPersonTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero)); // it stands: nobody looks by it

    private SendingHome House => field ??= new(Database, clock);

    [TestCase(EditionState.Cancelled)]
    [TestCase(EditionState.Paused)]
    public async Task No_letter_begins_after_it_was_said(EditionState to)
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(40);
        var edition = await House.StartAsync();
        var editions = new Editions(House.Editions, House.Deliveries, new(new(), SendingHome.Quick()), Some.Acts(Database, clock), clock, NullLogger<Editions>.Instance);
        server.Script = moment =>
        {
            if (moment is { Stage: LoopbackStage.Letter, Kept: 4 })
                (to is EditionState.Paused ? editions.PauseAsync(edition, "", Stop) : editions.CancelAsync(edition, "", Stop)).GetAwaiter().GetResult();
            return null;
        };
        await using var dispatcher = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 1));

        await dispatcher.SendDueAsync(edition, null, Stop);

        Assert.That((server.Letters.Count, (await House.EditionAsync(edition)).State), Is.EqualTo((5, to)));
        Assert.That(await House.TallyAsync(edition), Is.EqualTo(new Tally(Waiting: 35, Sent: 5)));
    }
}
