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

    [Test]
    public async Task Trouble_that_lasts_is_said_at_growing_distance_with_its_cause_in_words_and_no_stack_trace()
    {
        var log = new KeptLog<MailboxRecord>();
        var record = new MailboxRecord(new MailboxStore(Database), clock, log);
        for (var minute = 0; minute < 3 * 24 * 60; minute += 5)
        {
            await record.TroubleAsync("imap://away", "imap://away: the server is away", new MailboxException("imap://away: the server is away"));
            clock.Advance(TimeSpan.FromMinutes(5));
        }
        await record.TroubleAsync("imap://away", "the password is wrong", new MailboxException("the password is wrong"));
        await record.ReadAsync("imap://away", 0, Stop);

        const string Away = "Warning The mailbox imap://away cannot be read";
        Assert.That(log.Lines.Where(line => !line.StartsWith("Debug", StringComparison.Ordinal)), Is.EqualTo((string[])
        [
            $"{Away}: the server is away", .. new[] { 1, 2, 4, 8, 16, 32, 56 }.Select(hours => $"{Away}, for {hours} h now: the server is away"),
            $"{Away}: the password is wrong", "Information The mailbox imap://away is read again",
        ]));
        Assert.That(log.Lines.Where(line => line.Contains("MailboxException", StringComparison.Ordinal)), Has.Exactly(2).StartsWith("Debug"));
    }
}
