using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Returns;

public sealed class MailboxRecordTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task Trouble_that_lasts_for_days_is_shown_as_long_as_it_lasts_and_since_when()
    {
        var (store, began) = (new MailboxStore(Database), clock.GetUtcNow());
        var record = new MailboxRecord(store, clock, NullLogger<MailboxRecord>.Instance);
        for (var hour = 0; hour < 100; hour++)
        {
            await record.TroubleAsync("imap://away", "the server is away", new MailboxException("the server is away"));
            await record.ReadAsync("inbox", 1, Stop);
            clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.That((await store.StatesAsync(Stop)).Select(state => (state.Name, state.TroubleAt)), Is.EqualTo(new[] { ("imap://away", began), ("inbox", (DateTimeOffset?)null) }));
    }
}
