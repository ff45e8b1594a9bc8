using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>What takes proof of the mailbox: by links that are mailed, from the page to the mail and back.</summary>
public sealed partial class OwnPageTests
{
    private SiteHome home = null!;
    private SubscriberId reader;
    private string letter = "";

    [SetUp]
    public async Task A_reader_has_a_letter()
    {
        home = await SiteHome.OpenAsync();
        reader = ((Addition.Added)await home.Subscribers.AddAsync(
            new(EmailAddress.Read("zoe@example.net")!) { Name = "Zoë Quill", Fields = new Dictionary<string, string> { ["city"] = "Bern", ["note"] = "two\nlines" } },
            new(SubscriptionState.Active, "test", Actor.Import, home.Time.GetUtcNow()), CancellationToken.None)).Id;
        letter = new Uri(home.Ours.PreferencesUrl(new(await home.PublishAsync("spring"), reader))).AbsolutePath;
    }

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task The_link_goes_to_the_readers_address_alone_marked_as_automatic_with_nobodys_words()
    {
        using var asked = await PostAsync(letter, ("act", "own-link"));

        var mail = (await MailsAsync()).Single();
        Assert.That(WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync()), Does.Contain("z•••@example.net").And.Not.Contain("zoe@"));
        Assert.That((mail.To.ToString(), mail.Subject, mail.Headers["Auto-Submitted"]), Is.EqualTo(("zoe@example.net", "Your own page of Field Notes & Co", "auto-generated")));
        Assert.That(mail.TextBody, Does.Contain("\nhttps://news.example.org/own/").And.Contain("2 March 2026, 09:00").And.Contain("3 March 2026, 09:00").And.Not.Contain("Quill").And.Not.Contain("{"));
    }

    [Test]
    public async Task A_scanner_that_follows_every_link_of_every_mail_several_times_changes_not_one_row()
    {
        var own = await OwnLinkAsync();
        (await PostAsync(own, ("act", "address"), ("address", "zoe@new.example"))).Dispose();
        var links = new[] { own, Link((await MailsAsync()).Single()) };
        var before = await home.DumpAsync();

        foreach (var link in links)
            foreach (var method in (string[])["GET", "HEAD", "GET"])
                foreach (var (name, value) in new[] { ("Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("User-Agent", "SafeLinks") })
                {
                    using var request = new HttpRequestMessage(new(method), $"{link}?act=erase-now&act=take");
                    request.Headers.TryAddWithoutValidation(name, value);
                    using var answer = await home.Client.SendAsync(request);
                    Assert.That((answer.StatusCode, answer.Headers.Contains("Set-Cookie"), answer.Headers.GetValues("X-Robots-Tag").Single()), Is.EqualTo((HttpStatusCode.OK, false, "noindex, nofollow")));
                }

        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Name_and_fields_are_changed_and_only_fields_that_there_are()
    {
        var own = await OwnLinkAsync();

        var page = WebUtility.HtmlDecode(await home.Client.GetStringAsync(own));
        using var saved = await PostAsync(own, ("act", "describe"), ("name", "Zoë <b>Q</b>\r\nBcc: x"), ("field-city", "Basel"), ("field-note", ""), ("field-role", "admin"));

        var profile = (await FindAsync())!.Profile!;
        Assert.That(page, Does.Contain("value=\"Zoë Quill\"").And.Contain("value=\"Bern\"").And.Contain("<textarea id=\"field-note\""));
        Assert.That((await saved.Content.ReadAsStringAsync()), Does.Contain("Saved.").And.Not.Contain("<b>Q"));
        Assert.That(profile.Name, Is.EqualTo("Zoë <b>Q</b> Bcc: x"));
        Assert.That(profile.Fields, Is.EqualTo(new Dictionary<string, string> { ["city"] = "Basel" }));
        Assert.That((await ActsAsync())[^1], Is.EqualTo(("described", "name, field city, field note")));
    }

    [Test]
    public async Task A_new_address_is_asked_and_takes_the_place_of_the_old_one_which_is_told()
    {
        var own = await OwnLinkAsync();
        using var asked = await PostAsync(own, ("act", "address"), ("address", " Zoe@New.example "));
        var question = (await MailsAsync()).Single();
        var link = Link(question);
        var meanwhile = (await FindAsync())!.Profile!.Address.Value;

        var page = await home.Client.GetStringAsync(link);
        using var taken = await PostAsync(link, ("act", "take"));
        using var again = await PostAsync(link, ("act", "take"));
        using var old = await home.Client.GetAsync(own);
        var notice = (await MailsAsync()).Single();

        Assert.That((question.To.ToString(), question.Subject), Is.EqualTo(("Zoe@new.example", "Is this your new address for Field Notes & Co?")));
        Assert.That(question.TextBody, Does.Not.Contain("zoe@example.net").And.Not.Contain("Quill"));
        Assert.That((meanwhile, (await FindAsync())!.Profile!.Address.Value), Is.EqualTo(("zoe@example.net", "Zoe@New.example")));
        Assert.That(page, Does.Contain("value=\"take\"").And.Not.Contain("zoe").IgnoreCase);
        Assert.That((asked.StatusCode, taken.StatusCode, again.StatusCode, old.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Gone, HttpStatusCode.Gone)), "used twice, and an old link");
        Assert.That((notice.To.ToString(), notice.Subject), Is.EqualTo(("zoe@example.net", "Field Notes & Co goes to another address now")));
        Assert.That(notice.TextBody, Does.Not.Contain("new.example").And.Not.Contain("https://"));
    }

    /// <summary>Nobody learns by it who is a subscriber.</summary>
    [Test]
    public async Task An_address_that_is_somebodys_or_barred_is_answered_like_any_other_and_gets_no_mail()
    {
        var own = await OwnLinkAsync();
        await home.SubscribeAsync("bob@example.net");
        await home.Subscribers.SuppressAsync(EmailAddress.Read("barred@example.net")!, new(SuppressionReason.Manual, Actor.Editor, home.Time.GetUtcNow()), CancellationToken.None);

        var answers = new List<string>();
        foreach (var address in (string[])["bob@example.net", "barred@example.net", "free@example.net"])
        {
            using var answer = await PostAsync(own, ("act", "address"), ("address", address));
            answers.Add($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That((await MailsAsync()).Select(mail => mail.To.ToString()), Is.EqualTo(new[] { "free@example.net" }));
    }

    [TestCase("nobody")]
    [TestCase("a@b")]
    [TestCase("<script>@example.org")]
    public async Task An_address_that_is_none_is_said_beside_its_field(string address)
    {
        var own = await OwnLinkAsync();

        using var answer = await PostAsync(own, ("act", "address"), ("address", address));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\"").And.Contain("aria-invalid=\"true\"").And.Contain(WebUtility.HtmlEncode(address)).And.Not.Contain("<script"));
    }

    [Test]
    public async Task An_address_of_ours_is_no_readers()
    {
        var own = await OwnLinkAsync();

        using var answer = await PostAsync(own, ("act", "address"), ("address", home.Ours.UnsubscribeMail(new(new(1), reader))));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Erasing_takes_one_press_and_one_confirmation_and_says_what_stays()
    {
        var own = await OwnLinkAsync();

        using var asked = await PostAsync(own, ("act", "erase"));
        var between = (await FindAsync())!.State;
        using var erased = await PostAsync(own, ("act", "erase-now"));
        using var after = await home.Client.GetAsync(own);

        Assert.That(await asked.Content.ReadAsStringAsync(), Does.Contain("value=\"erase-now\"").And.Contain("secret key"));
        Assert.That(await erased.Content.ReadAsStringAsync(), Does.Contain("It is erased"));
        Assert.That((between, (await FindAsync())!.State, after.StatusCode), Is.EqualTo((SubscriptionState.Active, SubscriptionState.Erased, HttpStatusCode.Gone)));
        Assert.That(await home.DumpAsync(), Does.Not.Contain("zoe@").IgnoreCase.And.Not.Contain("Quill").And.Contain("subscribers remove"));
    }

    [Test]
    public async Task Their_data_come_as_a_file_some_times_a_day()
    {
        var own = await OwnLinkAsync();

        using var answer = await PostAsync(own, ("act", "data"));
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
            using (var again = await PostAsync(own, ("act", "data")))
                codes.Add(again.StatusCode);

        var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.That((answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType, document.GetProperty("address").GetString()), Is.EqualTo(("application/json", "attachment", "zoe@example.net")));
        Assert.That(codes, Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
    }

    [Test]
    public async Task A_link_is_good_for_a_day()
    {
        var own = await OwnLinkAsync();
        home.Time.Advance(TimeSpan.FromHours(24));

        using var shown = await home.Client.GetAsync(own);
        using var erased = await PostAsync(own, ("act", "erase-now"));

        Assert.That((shown.StatusCode, erased.StatusCode, (await FindAsync())!.State), Is.EqualTo((HttpStatusCode.Gone, HttpStatusCode.Gone, SubscriptionState.Active)));
        Assert.That(await shown.Content.ReadAsStringAsync(), Does.Contain("good no more").And.Not.Contain("zoe"));
    }

    [TestCase("own")]
    [TestCase("address")]
    public async Task A_token_of_another_purpose_or_altered_is_nowhere(string page)
    {
        var own = (await OwnLinkAsync()).Split('/')[^1];
        var before = await home.DumpAsync();
        string[] tokens =
        [
            .. page == "own" ? [new Uri(home.Ours.NewAddressUrl(new(1, reader))).Segments[^1]] : new[] { own }, letter[3..], home.Link(new(1), reader)[3..], new Uri(home.Ours.TakeBackUrl(new(1, reader))).Segments[^1],
            own[..^1], own[1..], own + "a", own[..^2] + (own[^2] == 'a' ? 'b' : 'a') + own[^1], "x",
        ];

        foreach (var token in tokens)
            foreach (var act in (string[])["take", "erase-now"])
            {
                using var answer = await PostAsync($"/{page}/{token}", ("act", act));
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), token);
            }

        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task In_the_sandbox_the_tester_gets_the_mail_and_its_link_opens_nothing()
    {
        await home.DisposeAsync();
        home = await SiteHome.OpenAsync(settings: ["Sending:Sandbox=tester@example.org"]);
        await home.SubscribeAsync("zoe@example.net");
        letter = new Uri(home.Ours.PreferencesUrl(new(new(1), new(1)))).AbsolutePath;

        (await PostAsync(letter, ("act", "own-link"))).Dispose();
        var mail = (await MailsAsync()).Single();
        using var answer = await home.Client.GetAsync(Link(mail));

        Assert.That((mail.To.ToString(), answer.StatusCode), Is.EqualTo(("tester@example.org", HttpStatusCode.NotFound)));
    }

    private async Task<string> OwnLinkAsync()
    {
        (await PostAsync(letter, ("act", "own-link"))).Dispose();
        return Link((await MailsAsync()).Single());
    }

    /// <summary>The mails that are owed now, sent into the outbox and taken out of it.</summary>
    private async Task<List<MimeMessage>> MailsAsync()
    {
        await home.Services.GetRequiredService<ReaderMails>().SendAsync(CancellationToken.None);
        var files = Directory.Exists(home.Folder.Outbox) ? Directory.GetFiles(home.Folder.Outbox, "*.eml", SearchOption.AllDirectories) : [];
        var mails = files.Select(file => MimeMessage.Load(file)).ToList();
        Array.ForEach(files, File.Delete);
        return mails;
    }

    private static string Link(MimeMessage mail) => new Uri(Address().Match(mail.TextBody!).Value).AbsolutePath;

    private Task<Subscriber?> FindAsync() => home.Subscribers.FindAsync(reader, CancellationToken.None);

    private async Task<List<(string, string)>> ActsAsync() => [.. (await home.Services.GetRequiredService<ReaderStore>().ActsAsync(reader, CancellationToken.None)).Select(act => (act.Act, act.Words))];

    private Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        home.Client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    [GeneratedRegex(@"https://news\.example\.org/\S+")]
    private static partial Regex Address();
}
