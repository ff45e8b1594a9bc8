using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>The pages of one reader in a real Chromium without JavaScript, from the letter to being forgotten: by day and in the dark, on desktop and phone, in both languages.</summary>
public sealed partial class ReaderPagesLookTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder folder = new();
    private int port;

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase("en", ColorScheme.Light, 1280)]
    [TestCase("en", ColorScheme.Dark, 390)]
    [TestCase("de", ColorScheme.Light, 390)]
    [TestCase("de", ColorScheme.Dark, 1280)]
    public async Task A_reader_chooses_pauses_moves_leaves_comes_back_and_is_forgotten(string language, ColorScheme scheme, int width)
    {
        var isGerman = language == "de";
        string In(string english, string german) => isGerman ? german : english;
        port = Machine.FreePort();
        await SetUpAsync(language);
        await Newsletter.RunAsync("send", "1", "--now");
        var letter = await MailAsync("ada@example.org");
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = language });
        await using var serve = await Serve.StartAsync(folder.Path, port);
        Task LookAsync(string name) => page.LookAsync($"reader-{name}-{language}", scheme, width, isAnswer: true);
        Task PressAsync(string english, string german) => page.GetByRole(AriaRole.Button, new() { Name = In(english, german), Exact = true }).ClickAsync();

        await page.GotoAsync(Here(LinkIn(letter, "/p/")));
        await Expect(page.GetByText("a•••@example.org").First).ToBeVisibleAsync();
        await LookAsync("preferences");
        await page.GetByLabel(In("Job offers", "Stellen"), new() { Exact = true }).UncheckAsync();
        await PressAsync("Save", "Speichern");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(In("Saved.", "Gespeichert."));
        await page.GetByLabel(In("Pause until", "Pause bis")).FillAsync(DateTime.UtcNow.AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await PressAsync("Pause", "Pause beginnen");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = In("Go on now", "Jetzt weiterlesen") })).ToBeVisibleAsync();
        await LookAsync("paused");
        await PressAsync("Go on now", "Jetzt weiterlesen");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(In("goes on", "geht weiter"));

        await PressAsync("Unsubscribe", "Abbestellen");
        await LookAsync("left");
        await page.GetByLabel(In("It came too often", "Es kam zu oft")).CheckAsync();
        await page.GetByLabel(In("In your own words", "In Ihren eigenen Worten")).FillAsync("weekly is plenty");
        await PressAsync("Tell us", "Mitteilen");
        await Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await PressAsync("Undo", "Rückgängig machen");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = In("You are subscribed again", "Sie sind wieder angemeldet") })).ToBeVisibleAsync();

        await page.GotoAsync(Here(LinkIn(letter, "/p/")));
        await PressAsync("Mail me my own link", "Eigenen Link schicken");
        await page.GotoAsync(Here(LinkIn(await MailAsync("ada@example.org"), "/own/")));
        await LookAsync("own");
        var file = await page.RunAndWaitForDownloadAsync(() => PressAsync("Get the file", "Datei holen"));
        Assert.That(await File.ReadAllTextAsync(await file.PathAsync()), Does.Contain("\"ada@example.org\"").And.Contain("too-often: weekly is plenty"));
        await page.GetByLabel("city").FillAsync("Basel");
        await PressAsync("Save", "Speichern");
        await page.GetByLabel(In("Your new address", "Ihre neue Adresse")).FillAsync("ada@");
        await PressAsync("Ask the new address", "Neue Adresse fragen");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await LookAsync("own-bad-address");
        await page.GetByLabel(In("Your new address", "Ihre neue Adresse")).FillAsync("ada@new.example");
        await PressAsync("Ask the new address", "Neue Adresse fragen");
        var own = page.Url;
        await page.GotoAsync(Here(LinkIn(await MailAsync("ada@new.example"), "/address/")));
        await LookAsync("new-address");
        await PressAsync("Yes, take this address", "Ja, diese Adresse nehmen");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = In("This is your address now", "Das ist jetzt Ihre Adresse") })).ToBeVisibleAsync();
        Assert.That((await MailAsync("ada@example.org")).Subject, Does.Contain(In("another address", "andere Adresse")));
        await page.GotoAsync(own);
        await LookAsync("over");

        await page.GotoAsync(Here(LinkIn(letter, "/p/")));
        await PressAsync("Mail me my own link", "Eigenen Link schicken");
        await page.GotoAsync(Here(LinkIn(await MailAsync("ada@new.example"), "/own/")));
        await PressAsync("Erase me …", "Mich löschen …");
        await LookAsync("erase");
        await PressAsync("Erase now", "Jetzt löschen");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = In("It is erased", "Es ist gelöscht") })).ToBeVisibleAsync();

        Assert.That((await Newsletter.RunAsync("subscribers", "show", "ada@new.example")).Errors, Does.Contain("erased"));
    }

    [TestCase("en", ColorScheme.Light, 390)]
    [TestCase("en", ColorScheme.Dark, 1280)]
    [TestCase("de", ColorScheme.Light, 1280)]
    [TestCase("de", ColorScheme.Dark, 390)]
    public async Task What_everybody_may_see_and_the_unsubscribe_link_look_right(string language, ColorScheme scheme, int width)
    {
        port = Machine.FreePort();
        await SetUpAsync("en");
        await Newsletter.RunAsync("send", "1", "--now");
        var letter = await MailAsync("ada@example.org");
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = language });
        await using var serve = await Serve.StartAsync(folder.Path, port);

        foreach (var (name, path) in new[] { ("archive", "/archive"), ("nowhere", "/nowhere"), ("unsubscribe", new Uri(LinkIn(letter, "/u/")).AbsolutePath) })
        {
            await page.GotoAsync($"http://127.0.0.1:{port}{path}");
            Assert.That(await page.GetAttributeAsync("html", "lang"), Is.EqualTo(language), path);
            await page.LookAsync($"public-{name}-{language}", scheme, width, isAnswer: true);
        }
        await page.Locator("button").ClickAsync();
        await page.LookAsync($"public-left-{language}", scheme, width, isAnswer: true);
        await page.Locator("button").Last.ClickAsync();
        await page.LookAsync($"public-thanked-{language}", scheme, width, isAnswer: true);
        await page.Locator("button").ClickAsync();
        await page.LookAsync($"public-back-{language}", scheme, width, isAnswer: true);
    }

    [Test]
    public async Task By_telephone_a_reader_is_paused_until_a_day_and_shown_so()
    {
        await SetUpAsync("en");

        var past = await Newsletter.RunAsync("subscribers", "pause", "ada@example.org", "--until", "2020-01-01");
        var odd = await Newsletter.RunAsync("subscribers", "pause", "ada@example.org", "--until", "soon");
        var pause = await Newsletter.RunAsync("subscribers", "pause", "ada@example.org", "--until", "2999-12-24", "--why", "on a journey");
        var show = await Newsletter.RunAsync("subscribers", "show", "ada@example.org");
        var resume = await Newsletter.RunAsync("subscribers", "resume", "ada@example.org", "--why", "back early");

        Assert.That((past.Code, odd.Code, pause.Code, resume.Code), Is.EqualTo((1, 2, 0, 0)), past.Errors + odd.Errors + pause.Errors);
        Assert.That(show.Output, Does.Contain("paused until 2999-12-24T00:00:00.000Z").And.Contain("on a journey, until 2999-12-24"));
    }

    private async Task SetUpAsync(string language)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: Spring\n---\n\nHello.\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org", Language = language },
            Topics = new object[]
            {
                new { Id = "news", Name = "News", Names = new Dictionary<string, string> { ["de"] = "Neuigkeiten" }, Description = "What happened, once a week", Descriptions = new Dictionary<string, string> { ["de"] = "Was geschah, einmal in der Woche" } },
                new { Id = "jobs", Name = "Job offers", Names = new Dictionary<string, string> { ["de"] = "Stellen" } },
            },
        }));
        await File.WriteAllTextAsync(folder.File("readers.csv"), "email,name,city\nada@example.org,Ada,Bern\n");
        Assert.That((await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);
    }

    /// <summary>The next mail to an address, taken out of the outbox.</summary>
    private async Task<MimeMessage> MailAsync(string to)
    {
        for (var until = DateTime.UtcNow + Patience; DateTime.UtcNow < until; await Task.Delay(100))
            foreach (var file in Directory.Exists(folder.File("outbox")) ? Directory.GetFiles(folder.File("outbox"), "*.eml", SearchOption.AllDirectories) : [])
            {
                var mail = await MimeMessage.LoadAsync(file);
                if (!mail.To.Mailboxes.Any(mailbox => mailbox.Address == to))
                    continue;
                File.Delete(file);
                return mail;
            }
        throw new TimeoutException($"no mail came for {to}");
    }

    private static string LinkIn(MimeMessage mail, string path) => Link().Matches(mail.TextBody!).Select(match => match.Value).First(link => link.Contains(path, StringComparison.Ordinal));

    private string Here(string link) => $"http://127.0.0.1:{port}{new Uri(link).AbsolutePath}";

    [GeneratedRegex(@"https://news\.example\.org/\S+")]
    private static partial Regex Link();
}
