using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>What one can ask the ledger, and the parts of it that a retry or a list is about.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class LedgerStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    private LedgerStore Ledger => field ??= new(Database);

    [Test]
    public async Task Replies_are_grouped_by_state_code_and_status_with_an_example_the_most_frequent_first()
    {
        var edition = await SendAsync(6, i => i switch
        {
            0 or 1 or 2 => new SmtpOutcome.Rejected(550, "5.1.1", $"5.1.1 no reader{i}"),
            3 => new SmtpOutcome.Deferred(450, "4.2.1", "4.2.1 later", SmtpScope.Recipient),
            _ => null,
        });

        Assert.That(await Ledger.RepliesAsync(edition, Stop), Is.EqualTo(new[]
        {
            new ReplyGroup(DeliveryState.Failed, 550, "5.1.1", 3, "5.1.1 no reader0"),
            new ReplyGroup(DeliveryState.Deferred, 450, "4.2.1", 1, "4.2.1 later"),
        }));
    }

    [Test]
    public async Task An_edition_that_everybody_got_has_no_replies_and_no_workers()
    {
        var edition = await SendAsync(2, _ => null);

        Assert.That(((await Ledger.RepliesAsync(edition, Stop)).Count, (await Ledger.WorkersAsync(edition, Stop)).Count), Is.EqualTo((0, 0)));
    }

    /// <summary>Who refused it was offered the text and has not got it.</summary>
    [Test]
    public async Task How_many_got_which_text_is_counted()
    {
        var edition = await SendAsync(3, i => i is 2 ? new SmtpOutcome.Rejected(550, null, "no") : null);

        Assert.That(await Ledger.RevisionsAsync(edition, Stop), Is.EqualTo(new Dictionary<string, long> { ["1a2b3c"] = 2 }));
    }

    [Test]
    public async Task Those_who_hold_claims_are_named_with_their_number_and_end()
    {
        await House.SubscribeAsync(5);
        var edition = await House.StartAsync();
        await House.Deliveries.ClaimAsync(edition, "one", Noon, DateTimeOffset.MaxValue, 3, Stop);
        await House.Deliveries.ClaimAsync(edition, "two", Noon.AddMinutes(1), DateTimeOffset.MaxValue, 1, Stop);

        Assert.That(await Ledger.WorkersAsync(edition, Stop), Is.EqualTo(new[] { new WorkerClaims("one", 3, Noon), new WorkerClaims("two", 1, Noon.AddMinutes(1)) }));
    }

    [TestCase("--", 6)]
    [TestCase("code", 2)]
    [TestCase("status", 2)]
    [TestCase("domain", 1)]
    [TestCase("state", 4)]
    [TestCase("both", 1)]
    [TestCase("no wildcard", 0)]
    public async Task A_filter_means_those_of_a_state_a_reply_or_a_domain(string which, int count)
    {
        await AddAsync("ada@other.test");
        var edition = await SendAsync(5, i => i is 1 or 2 ? new SmtpOutcome.Refused(554, "5.7.1", "no", SmtpScope.Recipient) : null);
        var filter = which switch
        {
            "code" => new DeliveryFilter(Code: 554),
            "status" => new DeliveryFilter(Status: "5.7.1"),
            "domain" => new DeliveryFilter(Domain: "other.test"),
            "state" => new DeliveryFilter(DeliveryState.Sent),
            "both" => new DeliveryFilter(DeliveryState.Sent, Domain: "other.test"),
            "no wildcard" => new DeliveryFilter(Domain: "oth_r.test"),
            _ => new DeliveryFilter(),
        };

        Assert.That(await Ledger.ListAsync(edition, filter, Stop).CountAsync(), Is.EqualTo(count));
    }

    [Test]
    public async Task A_retry_takes_the_failed_ones_with_one_reply_and_leaves_the_others()
    {
        var edition = await SendAsync(4, i => new SmtpOutcome.Refused(i < 3 ? 554 : 552, null, "no", SmtpScope.Recipient));

        var again = await House.Deliveries.RetryAsync(edition, new(DeliveryState.Failed, Code: 554), Noon, Stop);

        Assert.That((again, await House.TallyAsync(edition)), Is.EqualTo((3, new Tally(Waiting: 3, Failed: 1))));
    }

    [Test]
    public async Task A_retry_by_domain_leaves_readers_elsewhere()
    {
        await AddAsync("ada@other.test");
        var edition = await SendAsync(2, _ => new SmtpOutcome.Refused(554, null, "no", SmtpScope.Recipient));

        Assert.That(await House.Deliveries.RetryAsync(edition, new(DeliveryState.Failed, Domain: "other.test"), Noon, Stop), Is.EqualTo(1));
    }

    [Test]
    public async Task Who_got_what_is_written_line_by_line_with_the_relays_reply_and_no_formula()
    {
        await AddAsync("=cmd@example.com");
        var edition = await SendAsync(1, i => i is 0 ? new SmtpOutcome.Refused(554, "5.7.1", "say \"please\", then", SmtpScope.Recipient) : null);
        var (csv, json) = (new StringWriter(), new StringWriter());

        var counts = (await new LedgerExport(Ledger).WriteCsvAsync(csv, edition, new(), Stop), await new LedgerExport(Ledger).WriteJsonAsync(json, edition, new(), Stop));

        Assert.That(counts, Is.EqualTo((2L, 2L)));
        Assert.That(csv.ToString().Split("\r\n"), Is.EqualTo(new[]
        {
            "email,state,attempts,code,status,words,at,revision,subject",
            "'=cmd@example.com,failed,1,554,5.7.1,\"say \"\"please\"\", then\",2026-05-04T12:00:00.000Z,1a2b3c,",
            "reader0@example.com,sent,1,250,2.0.0,2.0.0 queued,2026-05-04T12:00:00.000Z,1a2b3c,",
            "",
        }));
        Assert.That(json.ToString().Split('\n')[1], Does.StartWith("""{"email":"reader0@example.com","state":"sent","attempts":1,""").And.Contain("\"words\":\"2.0.0 queued\""));
    }

    /// <summary>Paged by a thousand: none is missed at the seam.</summary>
    [Test]
    public async Task More_than_a_page_is_listed_whole_and_in_order()
    {
        var edition = await SendAsync(2001, _ => null);

        var listed = await Ledger.ListAsync(edition, new(DeliveryState.Sent), Stop).Select(line => line.Subscriber.Value).ToListAsync();

        Assert.That(listed, Has.Count.EqualTo(2001).And.Ordered);
        Assert.That(listed, Is.Unique);
    }

    private async Task<EditionId> SendAsync(int readers, Func<int, SmtpOutcome?> answer)
    {
        await House.SubscribeAsync(readers);
        var edition = await House.StartAsync();
        var claims = await House.Deliveries.ClaimAsync(edition, "worker", Noon.AddMinutes(2), DateTimeOffset.MaxValue, readers + 10, Stop);
        await House.Deliveries.RecordAsync([.. claims.Select((claim, i) => answer(i) switch
        {
            null => new AttemptResult(claim, new SmtpOutcome.Accepted("2.0.0 queued", 250), new(DeliveryState.Sent), Noon, "1a2b3c"),
            SmtpOutcome.Deferred later => new AttemptResult(claim, later, new(DeliveryState.Deferred, Noon), Noon, "1a2b3c"),
            var no => new AttemptResult(claim, no, new(DeliveryState.Failed), Noon, "1a2b3c"),
        })]);
        return edition;
    }

    private Task<Addition> AddAsync(string address) => House.Subscribers.AddAsync(new(EmailAddress.Read(address)!), new(SubscriptionState.Active, "test", Actor.Import, Noon), Stop);
}
