using System.Text;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SuppressionsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly EmailAddress Ada = EmailAddress.Read("Ada@Example.org")!;
    private readonly FakeTimeProvider time = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly List<long> bad = [];

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    private Suppressions Suppressions => field ??= new(new(Database, Some.ErasedAddresses()), Some.Acts(Database, time), time);

    [Test]
    public async Task An_address_is_barred_with_its_reason_and_its_subscription_ends()
    {
        var id = await AddAsync(Ada);

        var (first, second) = (await Suppressions.AddAsync(Ada, "a lawyer's letter", Stop), await Suppressions.AddAsync(Ada, "again", Stop));

        Assert.That((first, second), Is.EqualTo((true, false)));
        Assert.That((await Store.FindAsync(id, Stop))!.State, Is.EqualTo(SubscriptionState.Unsubscribed));
        Assert.That(await Suppressions.ListAsync(isExport: false, Stop).ToListAsync(Stop),
            Is.EqualTo(new[] { new SuppressedAddress(Ada.Key, new(SuppressionReason.Manual, Actor.Editor, time.GetUtcNow(), "a lawyer's letter")) }));
        Assert.That(await LinesAsync(), Has.Length.EqualTo(1).And.All.Match("^suppressions add address 1\\.[0-9a-f]{22} $"));
    }

    [Test]
    public async Task A_list_is_barred_and_what_is_no_address_is_told_by_its_line()
    {
        await Suppressions.AddAsync(Ada, "before", Stop);

        var tally = await Suppressions.AddAsync(Bytes("\uFEFFE-Mail;name\r\nada@example.org;Ada\r\n\"zoe@example.org\";Zoë\r\n\r\nnobody\r\nZOE@example.org\r\n" + new string('x', 300_000) + "@example.org\r\nbob@example.org"), "moved away", bad.Add, Stop);

        Assert.That(tally, Is.EqualTo(new BarTally(Barred: 2, Before: 2, Bad: 2)));
        Assert.That(bad, Is.EqualTo(new[] { 5L, 7L }));
        Assert.That(await Suppressions.ListAsync(isExport: true, Stop).Select(line => line.Key).ToListAsync(Stop), Is.EqualTo(new[] { "ada@example.org", "bob@example.org", "zoe@example.org" }));
        Assert.That((await LinesAsync())[1..], Is.EqualTo(new[] { "suppressions add  {\"addresses\":2}", "suppressions export  " }));
    }

    [Test]
    public async Task A_list_of_thousands_goes_over_batches_and_pages()
    {
        var tally = await Suppressions.AddAsync(Bytes(string.Concat(Enumerable.Range(0, 2100).Select(i => $"r{i}@example.org\n"))), "moved", bad.Add, Stop);

        Assert.That((tally.Barred, await Suppressions.ListAsync(isExport: false, Stop).CountAsync(Stop)), Is.EqualTo((2100L, 2100)));
    }

    [Test]
    public async Task Who_is_no_longer_barred_stays_unsubscribed_and_why_is_noted()
    {
        var id = await AddAsync(Ada);
        await Suppressions.AddAsync(Ada, "by mistake", Stop);

        var (first, second) = (await Suppressions.RemoveAsync(Ada, "it was another Ada", Stop), await Suppressions.RemoveAsync(Ada, "again", Stop));

        Assert.That((first, second), Is.EqualTo((LiftOutcome.Lifted, LiftOutcome.NotBarred)));
        Assert.That((await Store.FindSuppressionAsync(Ada, Stop), (await Store.FindAsync(id, Stop))!.State), Is.EqualTo(((Suppression?)null, SubscriptionState.Unsubscribed)));
        Assert.That(await new SubscriberEdits(Database).NotesAsync(id, Stop), Is.EqualTo(new[] { new SubscriberNote(time.GetUtcNow(), "clock", "no longer barred: it was another Ada") }));
        Assert.That((await LinesAsync())[^1], Does.StartWith("suppressions remove address "));
    }

    [Test]
    public async Task The_mark_of_an_erased_person_is_neither_taken_away_nor_named_by_a_list()
    {
        await Store.EraseAsync(await AddAsync(Ada), "asked for", Actor.Editor, time.GetUtcNow(), Stop);

        var removed = await Suppressions.RemoveAsync(Ada, "we miss her", Stop);
        var tally = await Suppressions.AddAsync(Bytes("ada@example.org\n"), "moved", bad.Add, Stop);

        Assert.That((removed, tally), Is.EqualTo((LiftOutcome.Erased, new BarTally(Barred: 0, Before: 1, Bad: 0))));
        Assert.That((await Store.FindSuppressionAsync(Ada, Stop))!.Reason, Is.EqualTo(SuppressionReason.Erased));
        Assert.That((await Suppressions.ListAsync(isExport: false, Stop).SingleAsync(Stop)).Key, Does.StartWith("erased 1 "));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<SubscriberId> AddAsync(EmailAddress address) =>
        ((Addition.Added)await Store.AddAsync(new(address), new(SubscriptionState.Active, "test", Actor.Editor, time.GetUtcNow()), Stop)).Id;

    private async Task<string[]> LinesAsync() => await new AuditLog(Database, new(Some.KeyRing())).ListAsync("", null, Stop).Select(line => $"{line.Line.Act} {line.Line.Subject} {line.Line.Detail}").ToArrayAsync(Stop);
}
