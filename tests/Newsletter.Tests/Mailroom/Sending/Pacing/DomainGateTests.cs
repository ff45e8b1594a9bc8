using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

public sealed class DomainGateTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [TestCase("reader@gmail.com", "gmail.com")]
    [TestCase("reader@GoogleMail.com", "gmail.com")]
    [TestCase("reader@a.b.example.com", "a.b.example.com")]
    [TestCase("reader@b.example.com", "b.example.com")]
    [TestCase("reader@example.com", "example.com")]
    public void Domains_that_are_written_out_are_counted_together_all_others_each_for_itself(string address, string name)
    {
        var rule = Closest(address);

        Assert.That(rule.CountedAs(address.Split('@')[1]), Is.EqualTo(name));
    }

    [TestCase("reader@gmail.com", 1)]
    [TestCase("reader@a.b.example.com", 3)]
    [TestCase("reader@c.example.com", 2)]
    [TestCase("reader@example.com", 4)]
    [TestCase("reader@notexample.com", 4)]
    public void The_closest_entry_counts(string address, int connections) => Assert.That(Closest(address).Connections, Is.EqualTo(connections));

    [Test]
    public async Task A_domain_that_names_a_time_gets_nothing_before_and_others_do()
    {
        var gates = new DomainGates([], (_, _) => LimitSet.None, null);
        var slow = gates.Of("one@slow.example", Noon);
        await slow.BeginAsync(Noon, Stop);

        slow.End(SmtpReplies.Read(SmtpStage.Recipient, 450, "4.7.1 try again in 5 minutes"), Noon);

        Assert.That((await gates.Of("two@SLOW.example", Noon).BeginAsync(Noon.AddMinutes(4), Stop)).NotBefore, Is.EqualTo(Noon.AddMinutes(5)));
        Assert.That((await gates.Of("two@quick.example", Noon).BeginAsync(Noon.AddMinutes(4), Stop)).IsGiven, Is.True);
        Assert.That(gates.Holds(Noon.AddMinutes(1)).Select(hold => (hold.Kind, hold.Name, hold.Until)), Is.EqualTo([("domain", "slow.example", Noon.AddMinutes(5))]));
    }

    [Test]
    public async Task What_a_domain_asked_for_still_holds_when_the_settings_change()
    {
        var gates = new DomainGates([], (_, _) => LimitSet.None, null);
        var slow = gates.Of("one@slow.example", Noon);
        await slow.BeginAsync(Noon, Stop);
        slow.End(SmtpReplies.Read(SmtpStage.Recipient, 450, "4.7.1 try again in 5 minutes"), Noon);

        var after = new DomainGates([DomainRule.Of(new() { Match = "*", Connections = 2 })], (_, _) => LimitSet.None, gates);

        Assert.That((await after.Of("two@slow.example", Noon).BeginAsync(Noon, Stop)).NotBefore, Is.EqualTo(Noon.AddMinutes(5)));
    }

    [Test]
    public async Task Letters_that_wait_in_the_ledger_are_due_one_behind_the_other_within_half_an_hour()
    {
        var gate = new DomainGate("slow.example", 0, LimitSet.None, new());
        await gate.BeginAsync(Noon, Stop);
        gate.End(SmtpReplies.Read(SmtpStage.Recipient, 450, "4.7.1 slower, please"), Noon); // from one a second to one in two

        var due = Enumerable.Range(0, 2000).Select(_ => gate.PutOff(Noon.AddSeconds(10), Noon)).ToList();

        Assert.That(due.Take(3), Is.EqualTo([Noon.AddSeconds(10), Noon.AddSeconds(12), Noon.AddSeconds(14)]));
        Assert.That(due, Is.All.InRange(Noon.AddSeconds(10), Noon.AddSeconds(12).AddMinutes(30)));
        Assert.That(due.GroupBy(at => at).Max(same => same.Count()), Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task A_letter_that_had_no_answer_for_a_fault_of_ours_gives_its_place_back()
    {
        var gate = new DomainGate("narrow.example", 1, LimitSet.None, new());
        await gate.BeginAsync(Noon, Stop);
        var full = await gate.BeginAsync(Noon, Stop);

        gate.End(null, Noon);

        Assert.That((full.IsGiven, (await gate.BeginAsync(Noon, Stop)).IsGiven), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_hundred_thousand_domains_are_not_all_remembered()
    {
        var gates = new DomainGates([], (_, _) => LimitSet.None, null);
        var first = gates.Of("one@domain0.example", Noon);

        for (var i = 1; i < 20_000; i++)
            gates.Of($"one@domain{i}.example", Noon.AddSeconds(i));

        Assert.That(gates.Of("one@domain0.example", Noon.AddHours(9)), Is.Not.SameAs(first));
    }

    private static DomainRule Closest(string address)
    {
        DomainRule[] rules =
        [
            DomainRule.Of(new() { Match = "*", Connections = 4 }), DomainRule.Of(new() { Match = "gmail.com, googlemail.com", Connections = 1 }),
            DomainRule.Of(new() { Match = "*.example.com", Connections = 2 }), DomainRule.Of(new() { Match = "*.b.example.com", Connections = 3 }),
        ];
        return rules.MaxBy(rule => rule.Fit(address.Split('@')[1]))!;
    }
}
