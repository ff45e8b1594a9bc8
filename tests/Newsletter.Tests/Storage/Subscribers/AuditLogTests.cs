using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class AuditLogTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Performer Ada = Performer.Command("ada");

    private AuditLog Log => field ??= new(Database, new(Some.KeyRing()));

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task What_is_done_and_its_line_commit_together()
    {
        var added = await Log.RecordAsync(Ada, Noon, () => AddAsync("ada@example.org"), addition => addition is Addition.Added { Id: var id } ? new Deed("subscribers add", id, new { rows = 1 }) : null);

        var (line, _) = await Log.ListAsync("", null, Stop).SingleAsync(Stop);
        Assert.That(line, Is.EqualTo(new AuditLine(1, Noon, "command ada", "subscribers add", $"subscriber {((Addition.Added)added).Id.Value}", "{\"rows\":1}", "")));
    }

    [Test]
    public void A_line_that_cannot_be_written_undoes_what_was_done()
    {
        Assert.That(async () => await Log.RecordAsync<Addition>(Ada, Noon, () => AddAsync("ada@example.org"), _ => throw new InvalidOperationException("the log is full")), Throws.InvalidOperationException);

        Assert.That(async () => await Subscribers.FindAsync(EmailAddress.Read("ada@example.org")!, Stop), Is.Null);
    }

    [Test]
    public async Task What_changed_nothing_leaves_no_line()
    {
        await AddAsync("ada@example.org");

        await Log.RecordAsync(Ada, Noon, () => AddAsync("ada@example.org"), addition => addition is Addition.Added added ? new Deed("subscribers add", added.Id) : null);

        Assert.That(await Log.ListAsync("", null, Stop).CountAsync(Stop), Is.Zero);
        Assert.That(await Log.VerifyAsync("", Stop), Is.EqualTo(new AuditFinding(0, "", null, true)));
    }

    [Test]
    public async Task Lines_of_eight_at_once_are_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var log = new AuditLog(OpenAnother(), new(Some.KeyRing()));
            for (var i = 0; i < 10; i++)
                await log.AppendAsync(Ada, Noon, new("pause", $"edition {worker * 10 + i}"), Stop);
        })));

        var found = await Log.VerifyAsync("", Stop);
        Assert.That((found.Lines, found.Fault), Is.EqualTo((80, (string?)null)));
        Assert.That(await Log.ListAsync("", null, Stop).Select(line => line.Line.Subject).Distinct().CountAsync(Stop), Is.EqualTo(80));
    }

    [TestCase("update audit_log set act = 'resume' where seq = 2")]
    [TestCase("delete from audit_log where seq = 3")]
    [TestCase("delete from audit_log")]
    [TestCase("insert into audit_log (seq, at, actor, act, subject, detail, previous, hash) values (2, 0, '', '', '', '', '', '')")]
    [TestCase("replace into audit_log (seq, at, actor, act, subject, detail, previous, hash) values (2, 0, '', '', '', '', '', '')")]
    [TestCase("truncate audit_log")]
    public async Task No_statement_changes_or_takes_away_a_line(string statement)
    {
        await WriteAsync(3);

        Assert.That(async () => await ExecuteAsync(statement), Throws.InstanceOf<DbException>());

        Assert.That((await Log.VerifyAsync("", Stop)).Fault, Is.Null);
    }

    /// <summary>Whoever has the database can take the triggers away first.</summary>
    [TestCase("update audit_log set actor = 'clock' where seq = 2", "line 2 is not as it was written")]
    [TestCase("update audit_log set at = at + 1 where seq = 1", "line 1 is not as it was written")]
    [TestCase("update audit_log set detail = '{}' where seq = 3", "line 3 is not as it was written")]
    [TestCase("update audit_log set hash = (select hash from audit_log where seq = 1) where seq = 2", "line 2 is not as it was written")]
    [TestCase("update audit_log set previous = '' where seq = 2", "line 2 does not go on from line 1")]
    [TestCase("delete from audit_log where seq = 1", "line 2 stands where line 1 belongs")]
    [TestCase("delete from audit_log where seq = 2", "line 3 stands where line 2 belongs")]
    [TestCase("delete from audit_log where seq = 3", "the log ends with line 2")]
    [TestCase("delete from audit_log", "the log ends with line 0")]
    [TestCase("delete from audit_log where seq = 3; update audit_head set seq = 2, hash = (select hash from audit_log where seq = 2)", "the log ends with line 2")]
    [TestCase("delete from audit_log; update audit_head set seq = 0, hash = ''", "the log ends with line 0")]
    [TestCase("delete from audit_head", "the log ends with line 3")]
    [TestCase("insert into audit_log (seq, at, actor, act, subject, detail, previous, hash) select 4, at, actor, act, subject, detail, hash, hash from audit_log where seq = 3", "line 4 is not as it was written")]
    [TestCase("update audit_log set seq = -seq where seq > 1; update audit_log set seq = 5 + seq where seq < 0", "line 2 does not go on from line 1")]
    public async Task What_was_changed_without_the_triggers_is_found_with_the_first_line_that_does_not_fit(string statement, string fault)
    {
        await WriteAsync(3);
        await WithoutTriggersAsync();

        await ExecuteAsync(statement);

        Assert.That((await Log.VerifyAsync("", Stop)).Fault, Does.StartWith(fault));
    }

    [Test]
    public async Task A_head_that_was_kept_is_known_later_and_shows_a_log_made_anew()
    {
        await WriteAsync(2);
        var kept = (await Log.VerifyAsync("", Stop)).Head;
        await WriteAsync(2);

        var later = await Log.VerifyAsync(kept, Stop);
        await WithoutTriggersAsync();
        await ExecuteAsync("delete from audit_log; update audit_head set seq = 0, hash = '', seal = ''");
        await WriteAsync(4, "cancel");
        var anew = await Log.VerifyAsync(kept, Stop);

        Assert.That((later.Fault, later.HasKept, anew.Fault, anew.HasKept), Is.EqualTo(((string?)null, true, (string?)null, false)));
    }

    [Test]
    public async Task The_list_is_asked_by_verb_and_time_and_goes_over_pages()
    {
        await WriteAsync(1001, "pause");
        await Log.AppendAsync(Ada, Noon.AddDays(1), new("subscribers add", new SubscriberId(1)), Stop);
        await Log.AppendAsync(Ada, Noon.AddDays(1), new("subscribers_x", ""), Stop);

        Assert.That(await Log.ListAsync("", null, Stop).CountAsync(Stop), Is.EqualTo(1003));
        Assert.That(await Log.ListAsync("subscribers", null, Stop).Select(line => line.Line.Act).ToListAsync(Stop), Is.EqualTo(new[] { "subscribers add" }));
        Assert.That(await Log.ListAsync("", Noon.AddDays(1), Stop).CountAsync(Stop), Is.EqualTo(2));
    }

    private Task<Addition> AddAsync(string address) => Subscribers.AddAsync(new(EmailAddress.Read(address)!), new(SubscriptionState.Active, "test", Actor.Editor, Noon), Stop);

    private async Task WriteAsync(int lines, string act = "pause")
    {
        for (var i = 1; i <= lines; i++)
            await Log.AppendAsync(Ada, Noon, new(act, new EditionId(i)), Stop);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync(statement);
    }

    private Task WithoutTriggersAsync() => ExecuteAsync(Database.Provider is DatabaseProvider.Sqlite
        ? "drop trigger audit_log_keeps; drop trigger audit_log_stays; drop trigger audit_log_once;"
        : "drop trigger audit_log_stays on audit_log");
}
