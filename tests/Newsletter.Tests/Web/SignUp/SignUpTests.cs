using System.Net;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>From the form to the subscription, through the real site.</summary>
public sealed class SignUpTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync();

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task Who_asks_gets_a_mail_and_who_presses_its_button_is_subscribed()
    {
        using var asked = await home.AskAsync("Ida@Harbour.example");
        var pending = await home.FindAsync("ida@harbour.example");
        var mail = (await home.MailsAsync()).Single();
        using var page = await home.Client.GetAsync(mail.Link());
        using var done = await home.ConfirmAsync(mail.Link());

        Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await asked.Content.ReadAsStringAsync(), Does.Contain("<h1>Look into your mailbox</h1>").And.Contain("Ida@Harbour.example"));
        Assert.That((pending!.State, pending.Profile!.Source), Is.EqualTo((SubscriptionState.Pending, "form main")));
        Assert.That((mail.To.ToString(), mail.Subject, mail.Headers["Auto-Submitted"], mail.Headers["X-Sender"]), Is.EqualTo(("Ida@harbour.example", "Please confirm: Field Notes & Co", "auto-generated", "<>")));
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("<form method=\"post\">").And.Contain("Opening this page has changed nothing."));
        Assert.That(await done.Content.ReadAsStringAsync(), Does.Contain("<h1>You are subscribed</h1>"));
        var reader = (await home.FindAsync("ida@harbour.example"))!;
        Assert.That(reader.State, Is.EqualTo(SubscriptionState.Active));
        Assert.That((await home.Subscribers.HistoryAsync(reader.Id, Stop)).Select(line => (line.Before, line.Change.To, line.Change.Reason, line.Change.Actor, line.Change.Evidence)), Is.EqualTo(new[]
        {
            ((SubscriptionState?)null, SubscriptionState.Pending, "asked for", Actor.Reader, "sign-up 1"),
            (SubscriptionState.Pending, SubscriptionState.Active, "confirmed", Actor.Reader, "sign-up 1"),
        }));
    }

    [Test]
    public async Task A_mail_holds_one_link_and_nothing_that_was_typed_into_the_form()
    {
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:HoldFrom=100", "SignUp:Forms:0:AskName=true", "SignUp:Forms:0:Fields:0:Name=company", "SignUp:Forms:0:Topics:0=tides", "Topics:0:Id=tides", "Topics:0:Name=Tides"]);
        using var asked = await own.AskAsync("ida@harbour.example", more: [("name", "Buy my pills"), ("field_company", "http://evil.example"), ("topic", "tides"), ("topic", "Evil")]);

        var text = (await own.MailsAsync()).Single().ToString();

        Assert.That(text, Does.Not.Contain("pills").And.Not.Contain("evil").IgnoreCase.And.Not.Contain("Tides").And.Not.Contain("text/html"));
        Assert.That(text.Split("https://").Length - 1, Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_press_answers_alike_and_writes_nothing()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();
        using var first = await home.ConfirmAsync(link);
        var once = await home.DumpAsync();

        using var second = await home.ConfirmAsync(link);
        using var look = await home.Client.GetAsync(link);

        Assert.That((second.StatusCode, look.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(await home.DumpAsync(), Is.EqualTo(once));
    }

    [Test]
    public async Task Eight_presses_at_once_are_one_subscription()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => home.ConfirmAsync(link)));

        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.Subscribers.HistoryAsync((await home.FindAsync("ida@harbour.example"))!.Id, Stop), Has.Count.EqualTo(2));
    }

    [TestCase(SubscriptionState.Pending, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Paused, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Unsubscribed, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Suspended, SubscriptionState.Active)]
    [TestCase(SubscriptionState.Complained, SubscriptionState.Active)]
    public async Task Who_is_known_comes_back_by_their_own_press_and_not_before(SubscriptionState before, SubscriptionState after)
    {
        var reader = await home.SubscribeAsync("ida@harbour.example", before);
        if (before is SubscriptionState.Complained)
            await home.Subscribers.SuppressAsync(EmailAddress.Read("ida@harbour.example")!, new(SuppressionReason.Complaint, Actor.Server, home.Time.GetUtcNow()), Stop);
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var asked = (await home.FindAsync("ida@harbour.example"))!;

        (await home.ConfirmAsync((await home.MailsAsync()).Single().Link())).Dispose();

        var confirmed = (await home.FindAsync("ida@harbour.example"))!;
        Assert.That((asked.Id, asked.State, confirmed.Id, confirmed.State), Is.EqualTo((reader, before, reader, after)));
        Assert.That(confirmed.Profile!.Name, Is.EqualTo("Zoë Quill"));
        Assert.That(await home.Subscribers.FindSuppressionAsync(confirmed.Profile.Address, Stop), Is.Null);
    }

    [Test]
    public async Task Who_is_subscribed_already_is_told_so_and_nothing_changes()
    {
        await home.SubscribeAsync("ida@harbour.example");
        using var asked = await home.AskAsync("ida@harbour.example");

        var mail = (await home.MailsAsync()).Single();

        Assert.That(mail.Subject, Is.EqualTo("You are subscribed to Field Notes & Co already"));
        Assert.That(mail.TextBody, Does.Not.Contain("https://"));
        Assert.That(await home.Subscribers.HistoryAsync((await home.FindAsync("ida@harbour.example"))!.Id, Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Who_had_themselves_forgotten_starts_anew()
    {
        var forgotten = await home.SubscribeAsync("ida@harbour.example");
        await home.Subscribers.EraseAsync(forgotten, "asked to", Actor.Reader, home.Time.GetUtcNow(), Stop);
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var asked = await home.FindAsync("ida@harbour.example");

        (await home.ConfirmAsync((await home.MailsAsync()).Single().Link())).Dispose();

        var reader = (await home.FindAsync("ida@harbour.example"))!;
        Assert.That((asked, reader.State, reader.Id != forgotten), Is.EqualTo(((Subscriber?)null, SubscriptionState.Active, true)));
        Assert.That(await home.Subscribers.FindSuppressionAsync(reader.Profile!.Address, Stop), Is.Null);
    }

    [Test]
    public async Task To_whom_the_house_has_barred_no_mail_goes_and_the_page_says_the_same()
    {
        await home.Subscribers.SuppressAsync(EmailAddress.Read("ida@harbour.example")!, new(SuppressionReason.Manual, Actor.Editor, home.Time.GetUtcNow()), Stop);

        using var barred = await home.AskAsync("ida@harbour.example");
        using var other = await home.AskAsync("olof@harbour.example");

        Assert.That((await home.MailsAsync()).Single().To.ToString(), Is.EqualTo("olof@harbour.example"));
        Assert.That((await barred.Content.ReadAsStringAsync()).Replace("ida@", "olof@", StringComparison.Ordinal), Is.EqualTo(await other.Content.ReadAsStringAsync()));
        Assert.That(await home.FindAsync("ida@harbour.example"), Is.Null);
    }

    [Test]
    public async Task Who_is_barred_between_mail_and_press_stays_out()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();
        await home.Subscribers.SuppressAsync(EmailAddress.Read("ida@harbour.example")!, new(SuppressionReason.Manual, Actor.Editor, home.Time.GetUtcNow()), Stop);

        using var answer = await home.ConfirmAsync(link);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await home.FindAsync("ida@harbour.example"))!.State, Is.Not.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task A_link_works_for_some_days_and_a_new_mail_renews_it()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();
        home.Time.Advance(TimeSpan.FromDays(7.1));

        using var old = await home.ConfirmAsync(link);
        using var look = await home.Client.GetAsync(link);
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var mails = await home.MailsAsync();
        using var renewed = await home.ConfirmAsync(mails[^1].Link());

        Assert.That((old.StatusCode, look.StatusCode, mails.Count, renewed.StatusCode), Is.EqualTo((HttpStatusCode.Gone, HttpStatusCode.Gone, 2, HttpStatusCode.OK)));
        Assert.That((await home.FindAsync("ida@harbour.example"))!.State, Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task However_often_it_is_asked_for_one_mail_a_day_goes_and_three_ever()
    {
        for (var hour = 0; hour < 24 * 6; hour++)
        {
            (await home.AskAsync("ida@harbour.example")).Dispose();
            await home.MailsAsync();
            home.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10));
        }

        var dates = (await home.MailsAsync()).Select(mail => mail.Date).ToList();
        Assert.That(dates, Has.Count.EqualTo(3));
        Assert.That(dates.Zip(dates.Skip(1), (one, next) => next - one), Is.All.GreaterThanOrEqualTo(TimeSpan.FromDays(1)));
    }

    [Test]
    public async Task Two_forms_together_mail_an_address_no_more_than_one()
    {
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:Forms:0:Name=one", "SignUp:Forms:1:Name=two"]);

        (await own.AskAsync("ida@harbour.example", "/subscribe/one")).Dispose();
        (await own.AskAsync("ida@harbour.example", "/subscribe/two")).Dispose();

        Assert.That(await own.MailsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_chosen_and_given_is_the_subscribers_once_they_have_confirmed_and_not_before()
    {
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:Forms:0:AskName=true", "SignUp:Forms:0:Fields:0:Name=company", "SignUp:Forms:0:Topics:0=tides", "SignUp:Forms:0:Topics:1=winds", "Topics:0:Id=tides", "Topics:1:Id=winds", "Topics:1:Names:de=Winde"]);
        (await own.AskAsync("ida@harbour.example", "/subscribe?lang=de", more: [("name", "Ida"), ("field_company", "Harbour & Co"), ("topic", "winds"), ("lang", "de")])).Dispose();
        var pending = (await own.FindAsync("ida@harbour.example"))!.Profile!;

        var mail = (await own.MailsAsync()).Single();
        (await own.ConfirmAsync(mail.Link())).Dispose();

        var reader = (await own.FindAsync("ida@harbour.example"))!.Profile!;
        Assert.That((pending.Name, pending.Topics.Count, pending.Fields.Count, mail.Subject), Is.EqualTo(("", 0, 0, "Bitte bestätigen: Field Notes & Co")));
        Assert.That((reader.Name, reader.Topics.Single(), reader.Fields["company"], reader.Language), Is.EqualTo(("Ida", "winds", "Harbour & Co", "de")));
    }

    [Test]
    public async Task In_the_sandbox_the_tester_gets_the_mail_and_its_link_confirms_nobody()
    {
        await using var own = await SiteHome.OpenAsync(settings: "Sending:Sandbox=tester@example.org");
        (await own.AskAsync("ida@harbour.example")).Dispose();

        var mail = (await own.MailsAsync()).Single();
        using var answer = await own.ConfirmAsync(mail.Link());

        Assert.That((mail.To.ToString(), answer.StatusCode), Is.EqualTo(("tester@example.org", HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task Switched_off_there_is_no_form_and_links_work_still()
    {
        await using var own = await SiteHome.OpenAsync(settings: "SignUp:Enabled=false");

        using var form = await own.Client.GetAsync("/subscribe");
        using var post = await own.PostAsync("/subscribe", null, ("email", "ida@harbour.example"));
        using var link = await own.Client.GetAsync($"/confirm/{own.Ours.ConfirmUrl(new(1, 1)).Split('/')[^1]}");

        Assert.That((form.StatusCode, post.StatusCode, link.StatusCode), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Gone)));
    }
}
