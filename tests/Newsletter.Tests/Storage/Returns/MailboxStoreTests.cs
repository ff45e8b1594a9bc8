using Newsletter.Storage;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class MailboxStoreTests<THome> : DatabaseTests<THome> where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);

    private MailboxStore Store => new(Database);

    [Test]
    public async Task A_mailbox_is_known_by_its_last_reading_its_mails_and_its_trouble()
    {
        await Store.ReadAsync("imap://a", "one", 2, Now, Stop);
        await Store.TroubleAsync("imap://a", "one", "the server is away", Now.AddMinutes(1), Stop);
        await Store.TroubleAsync("imap://a", "one", "the server is away still", Now.AddMinutes(2), Stop);

        Assert.That(await Store.StatesAsync(Stop), Is.EqualTo(new[] { new MailboxState("imap://a", "one", Now, Now, 2, "the server is away still", Now.AddMinutes(1)) }));
    }

    [Test]
    public async Task A_reading_ends_the_trouble_and_machines_that_are_gone_are_forgotten()
    {
        await Store.ReadAsync("imap://a", "gone", 1, Now.AddDays(-3), Stop);
        await Store.TroubleAsync("imap://a", "one", "away", Now, Stop);

        await Store.ReadAsync("imap://a", "one", 0, Now.AddMinutes(1), Stop);

        Assert.That(await Store.StatesAsync(Stop), Is.EqualTo(new[] { new MailboxState("imap://a", "one", Now.AddMinutes(1), null, 0, "", null) }));
    }

    [Test]
    public async Task A_mailbox_in_trouble_is_shown_for_as_long_as_somebody_looks_at_it()
    {
        await Store.TroubleAsync("imap://a", "one", "away", Now.AddDays(-9), Stop);
        await Store.TroubleAsync("imap://a", "one", "away", Now.AddDays(-1), Stop);
        await Store.TroubleAsync("imap://gone", "one", "away", Now.AddDays(-3), Stop);

        await Store.ReadAsync("imap://b", "one", 0, Now, Stop);

        Assert.That((await Store.StatesAsync(Stop)).Select(state => (state.Name, state.TroubleAt)), Is.EqualTo(new[] { ("imap://a", Now.AddDays(-9)), ("imap://b", (DateTimeOffset?)null) }));
    }

    [Test]
    public async Task What_was_taken_from_a_server_is_remembered_until_it_is_gone_there()
    {
        await Store.TookAsync("pop3://a", "u1", Now);
        await Store.TookAsync("pop3://a", "u1", Now.AddDays(1));
        await Store.TookAsync("pop3://a", "u2", Now);
        await Store.TookAsync("pop3://b", "u2", Now);

        await Store.ForgetAsync("pop3://a", ["u2", "u3"]);

        Assert.That(await Store.TakenAsync("pop3://a", Stop), Is.EqualTo(new Dictionary<string, DateTimeOffset> { ["u1"] = Now }));
        Assert.That(await Store.TakenAsync("pop3://b", Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_new_token_stands_for_the_configured_one_and_no_other()
    {
        await Store.KeepTokenAsync("imap://a", "hash", "first", Now);
        await Store.KeepTokenAsync("imap://a", "hash", "second", Now);

        Assert.That(await Store.FindTokenAsync("imap://a", "hash", Stop), Is.EqualTo("second"));
        Assert.That(await Store.FindTokenAsync("imap://a", "another", Stop), Is.Null);
    }
}
