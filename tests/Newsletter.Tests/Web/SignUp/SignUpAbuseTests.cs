using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>What keeps the forms from being abused, through the real site.</summary>
public sealed class SignUpAbuseTests
{
    private const string Behind = "Web:TrustedProxies:0=127.0.0.1";
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;

    private SignUpStore Store => home.Services.GetRequiredService<SignUpStore>();

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync(settings: [Behind, "SignUp:Forms:0:AskName=true"]);

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task What_looks_like_a_machine_is_held_without_a_word_and_the_admin_lets_it_go()
    {
        using var trapped = await home.AskAsync("ida@harbour.example", more: ("homepage", "https://ida.example"));
        using var usual = await home.AskAsync("olof@harbour.example");
        var before = (await home.MailsAsync()).Select(mail => mail.To.ToString()).ToList();
        using var admin = await AdminBrowser.OpenAsync(home);
        var page = await admin.GetStringAsync("/signups");

        using var released = await admin.PostAsync("/signups/1", "/signups", ("act", "release"));
        using var twice = await admin.PostAsync("/signups/1", "/signups", ("act", "release"));

        Assert.That((await trapped.Content.ReadAsStringAsync()).Replace("ida@", "olof@", StringComparison.Ordinal), Is.EqualTo(await usual.Content.ReadAsStringAsync()));
        Assert.That(before, Is.EqualTo(new[] { "olof@harbour.example" }));
        Assert.That(page, Does.Contain("ida@harbour.example").And.Contain("trap").And.Not.Contain("olof@"));
        Assert.That((released.Headers.Location?.ToString(), twice.Headers.Location?.ToString()), Is.EqualTo(("/signups?done=release", "/signups?done=late")));
        Assert.That((await home.MailsAsync()).Select(mail => mail.To.ToString()), Is.EquivalentTo(new[] { "olof@harbour.example", "ida@harbour.example" }));
        Assert.That((await home.FindAsync("ida@harbour.example"))!.State, Is.EqualTo(SubscriptionState.Pending));
    }

    [Test]
    public async Task What_was_refused_gets_no_mail_however_often_it_is_asked_for_and_its_link_is_no_good()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();
        await home.Services.GetRequiredService<SignUps>().RefuseAsync(1, Stop);
        home.Time.Advance(TimeSpan.FromDays(2));

        (await home.AskAsync("ida@harbour.example")).Dispose();
        using var press = await home.ConfirmAsync(link);

        Assert.That((await home.MailsAsync()).Count, Is.EqualTo(1));
        Assert.That((press.StatusCode, (await home.FindAsync("ida@harbour.example"))!.State), Is.EqualTo((HttpStatusCode.Gone, SubscriptionState.Pending)));
    }

    [Test]
    public async Task A_form_without_the_admins_token_decides_nothing()
    {
        (await home.AskAsync("ida@harbour.example", more: ("homepage", "x"))).Dispose();
        using var admin = await AdminBrowser.OpenAsync(home);

        using var stranger = await home.PostAsync("/signups/1", null, ("act", "release"));
        using var forged = await admin.PostAsync("/signups/1", new FormUrlEncodedContent([new("act", "release")]));
        using var odd = await admin.PostAsync("/signups/1", "/signups", ("act", "eat"));

        Assert.That((stranger.StatusCode, forged.StatusCode, odd.StatusCode), Is.EqualTo((HttpStatusCode.Found, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
        Assert.That(await Store.CountHeldAsync(Stop), Is.EqualTo(1));
    }

    [TestCase("ida@mailinator.com", "", "disposable domain")]
    [TestCase("postmaster@harbour.example", "", "role account")]
    [TestCase("ida@harbour.example", "Cheap pills https://evil.example", "link in a field")]
    public async Task Odd_addresses_and_names_are_held(string address, string name, string reason)
    {
        (await home.AskAsync(address, more: ("name", name))).Dispose();

        var line = (await Store.ListAsync(SignUpState.Held, null, 10, Stop)).Single();
        Assert.That((line.Reasons.Single(), line.Address), Is.EqualTo((reason, address)));
        Assert.That(await home.MailsAsync(), Is.Empty);
    }

    [Test]
    public async Task A_form_that_is_sent_at_once_is_held_and_one_that_is_shown_again_is_as_long_open_as_before()
    {
        var token = SignUpSite.Token(await home.Client.GetStringAsync("/subscribe"));
        using var quick = await home.PostAsync("/subscribe", null, ("email", "bot@harbour.example"), ("shown", token));
        home.Time.Advance(TimeSpan.FromSeconds(20));
        using var wrong = await home.PostAsync("/subscribe", null, ("email", "ida@"), ("shown", token));
        using var right = await home.PostAsync("/subscribe", null, ("email", "ida@harbour.example"), ("shown", SignUpSite.Token(await wrong.Content.ReadAsStringAsync())));

        Assert.That((await Store.ListAsync(SignUpState.Held, null, 10, Stop)).Single().Address, Is.EqualTo("bot@harbour.example"));
        Assert.That((await home.MailsAsync()).Single().To.ToString(), Is.EqualTo("ida@harbour.example"));
    }

    [TestCase("take", "ida@gmail.com")]
    [TestCase("keep", "ida@gmial.com")]
    [TestCase("", "ida@gmial.com")]
    public async Task A_slip_is_asked_about_and_one_press_takes_or_keeps_it(string answer, string to)
    {
        var token = SignUpSite.Token(await home.Client.GetStringAsync("/subscribe"));
        home.Time.Advance(TimeSpan.FromSeconds(20));
        using var asked = await home.PostAsync("/subscribe", null, ("email", "ida@gmial.com"), ("name", "Ida"), ("shown", token));
        var page = await asked.Content.ReadAsStringAsync();

        using var answered = await home.PostAsync("/subscribe", null, ("email", "ida@gmial.com"), ("asked", "ida@gmial.com"), ("answer", answer), ("name", "Ida"), ("shown", SignUpSite.Token(page)));

        Assert.That(page, Does.Contain("Did you mean").And.Contain("value=\"take\"").And.Contain("value=\"keep\"").And.Contain("value=\"Ida\""));
        Assert.That((await home.MailsAsync()).Single().To.ToString(), Is.EqualTo(to));
    }

    [Test]
    public async Task An_address_that_is_changed_instead_of_an_answer_is_a_new_one()
    {
        using var answered = await home.AskAsync("olof@harbour.example", more: [("asked", "ida@gmial.com"), ("answer", "take")]);
        using var another = await home.AskAsync("olof@hotmial.com", more: [("asked", "ida@gmial.com"), ("answer", "take")]);

        Assert.That((await home.MailsAsync()).Single().To.ToString(), Is.EqualTo("olof@harbour.example"));
        Assert.That(await another.Content.ReadAsStringAsync(), Does.Contain("olof@hotmail.com"));
    }

    [Test]
    public async Task A_network_that_has_asked_for_too_many_is_told_to_wait_and_a_subscriber_is_not_told_from_a_stranger()
    {
        await using var own = await SiteHome.OpenAsync(settings: [Behind, "SignUp:PerNetwork=3"]);
        await own.SubscribeAsync("known@harbour.example");
        for (var i = 0; i < 3; i++)
            (await own.AskAsync($"reader{i}@harbour.example", from: $"2001:db8:0:{i}::1")).Dispose();
        var before = await own.DumpAsync();

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var address in (string[])["known@harbour.example", "reader1@harbour.example", "new@harbour.example"])
            using (var answer = await own.AskAsync(address, from: "2001:db8:0:ff::9"))
                answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        using var elsewhere = await own.AskAsync("new@harbour.example", from: "2001:db8:0:100::9");

        Assert.That(answers.Select(answer => answer.Item1), Is.All.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That(before, Does.Contain("2001:db8::/56"));
        Assert.That(elsewhere.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Who_says_for_whom_they_ask_is_believed_only_where_the_configuration_names_them()
    {
        var log = new KeptLog<Newsletter.Web.NetworkOf>();
        await using var own = await SiteHome.OpenAsync(services => services.AddSingleton<ILogger<Newsletter.Web.NetworkOf>>(log), Newsletter.Web.Role.Web, "SignUp:PerNetwork=1");

        for (var i = 0; i < 3; i++)
            using (var answer = await own.AskAsync($"reader{i}@harbour.example", from: "203.0.113.5"))
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), "a proxy on this machine is no network that could be counted");

        Assert.That(await own.DumpAsync(), Does.Not.Contain("203.0.113"));
        Assert.That(log.Lines.Count(line => line.Contains("TrustedProxies", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [TestCase("harbour.example", "asked")]
    [TestCase("bare.example", "asked")]
    [TestCase("nullmx.example", "refused")]
    [TestCase("nowhere.example", "doubted")]
    [TestCase("broken.example", "asked")]
    public async Task A_domain_is_looked_at_and_only_its_own_word_refuses(string domain, string what)
    {
        await using var names = new FakeNames();
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:CheckDomains=true", $"SignUp:NameServer=127.0.0.1:{names.Port}"]);

        using var answer = await own.AskAsync($"ida@{domain}");
        var page = await answer.Content.ReadAsStringAsync();
        if (what is "doubted")
            (await own.AskAsync($"ida@{domain}", more: ("asked", $"ida@{domain}"))).Dispose();

        Assert.That((answer.StatusCode, page), Is.EqualTo((what is "refused" ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, page)));
        Assert.That(page, Does.Contain(what switch { "asked" => "Look into your mailbox", "refused" => "takes no mail", _ => "We find no mail server" }));
        Assert.That((await own.MailsAsync()).Count, Is.EqualTo(what is "refused" ? 0 : 1));
    }

    [Test]
    public async Task A_name_server_that_is_silent_keeps_nobody_out()
    {
        using var silent = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:CheckDomains=true", $"SignUp:NameServer={silent.Client.LocalEndPoint}"]);

        using var answer = await own.AskAsync("ida@harbour.example");

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("Look into your mailbox"));
    }

    [Test]
    public async Task A_spike_is_said_once_an_hour_without_an_address()
    {
        var log = new KeptLog<SignUps>();
        await using var own = await SiteHome.OpenAsync(services => services.AddSingleton<ILogger<SignUps>>(log), Newsletter.Web.Role.Web, Behind, "SignUp:InAll=2");
        for (var i = 0; i < 5; i++)
            (await own.AskAsync($"reader{i}@harbour.example", from: $"203.0.{i}.1")).Dispose();
        var first = log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).ToList();

        own.Time.Advance(TimeSpan.FromMinutes(59));
        (await own.AskAsync("reader5@harbour.example", from: "203.0.5.1")).Dispose();
        var second = log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal));

        Assert.That((first.Count, second), Is.EqualTo((1, 1)));
        Assert.That(first.Single(), Does.Contain("newsletter signups").And.Not.Contain("reader"));
        Assert.That((await own.MailsAsync()).Count, Is.EqualTo(2));
    }

    /// <summary>A hundred thousand in a run by hand: NEWSLETTER_TEST_FLOOD=100000.</summary>
    [Test]
    public async Task A_flood_at_one_victim_sends_what_the_cap_says_and_others_get_through_meanwhile()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("NEWSLETTER_TEST_FLOOD"), out var asked) ? asked : 2000;
        var token = SignUpSite.Token(await home.Client.GetStringAsync("/subscribe"));
        home.Time.Advance(TimeSpan.FromSeconds(20));
        var (clock, others, memory) = (System.Diagnostics.Stopwatch.StartNew(), 0, GC.GetTotalMemory(forceFullCollection: true));

        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var answer = await home.PostAsync("/subscribe", $"{1 + (i % 200)}.{i / 200 % 250}.{i / 50_000}.7", ("email", i % 2 == 0 ? "victim@harbour.example" : "Victim@HARBOUR.example"), ("shown", token));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            if (i % (count / 20) != 0)
                return;
            using var other = await home.PostAsync("/subscribe", $"203.0.{Interlocked.Increment(ref others)}.1", ("email", $"reader{i}@harbour.example"), ("shown", token));
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });

        var seconds = clock.Elapsed.TotalSeconds;
        var mails = (await home.MailsAsync()).GroupBy(mail => mail.To.ToString().ToLowerInvariant()).ToDictionary(group => group.Key, group => group.Count());
        await TestContext.Out.WriteLineAsync($"{count / seconds:n0} requests a second, {new DirectoryInfo(home.Folder.Subscribers).GetFiles("newsletter.db*").Sum(file => file.Length) / 1024:n0} KB of database, {(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1024:n0} KB more memory in client and server");
        Assert.That(mails["victim@harbour.example"], Is.EqualTo(1));
        Assert.That(mails, Has.Count.EqualTo(others + 1));
        Assert.That((await Store.ListAsync(null, null, 1000, Stop)).Count, Is.EqualTo(others + 1));
    }

    [Test]
    public async Task A_form_on_another_site_is_plain_and_works()
    {
        var texts = ReaderTexts.ForPage(["de"]);
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:Forms:0:Topics:0=winds", "Topics:0:Id=winds", "Topics:0:Names:de=Wind & Tide", "SignUp:PrivacyUrl=https://example.org/p?a&b"]);
        var form = own.Services.GetRequiredService<SignUpForms>().Find("main", texts)!;

        var html = Newsletter.Web.PlainForm.Write(form, texts, own.Ours, "https://news.example.org/");
        using var answer = await own.PostAsync("/subscribe/main", null, ("email", "ida@harbour.example"), ("lang", "de"), ("topic", "winds"), ("shown", SignUpSite.Token(html)));

        Assert.That(html, Does.StartWith("<form method=\"post\" action=\"https://news.example.org/subscribe/main\" lang=\"de\">").And.Contain("Wind &amp; Tide").And.Contain("href=\"https://example.org/p?a&amp;b\"").And.Not.Contain("<script"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("Sieh in dein Postfach"));
        Assert.That((await own.MailsAsync()).Single().Subject, Is.EqualTo("Bitte bestätigen: Field Notes & Co"));
    }
}
