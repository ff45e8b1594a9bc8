using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>A reader subscribes in a real Chromium, from the form to the press, with a real worker that sends the mail; each page is looked at, and checked by axe.</summary>
public sealed partial class SignUpPageTests
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase("en", ColorScheme.Light, 1280)]
    [TestCase("en", ColorScheme.Dark, 390)]
    [TestCase("de", ColorScheme.Dark, 1280)]
    [TestCase("de", ColorScheme.Light, 390)]
    public async Task A_reader_subscribes_and_the_admin_lets_one_go_that_was_held(string language, ColorScheme scheme, int width)
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        var port = Machine.FreePort();
        await SetUpAsync(server, port);
        await using var serve = await Serve.StartAsync(folder.Path, port);
        var texts = ReaderTexts.ForPage([language]);
        var page = await Browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, Locale = language, BypassCSP = true });

        await page.GotoAsync($"http://127.0.0.1:{port}/subscribe");
        await LookAsync(page, "subscribe", language, scheme, width);
        await page.GetByLabel(texts["Subscribe.Email"]).FillAsync("ida");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel(texts["Subscribe.Email"])).ToBeFocusedAsync();
        await LookAsync(page, "subscribe-faults", language, scheme, width);
        await page.GetByLabel(texts["Subscribe.Email"]).FillAsync("ida@gmial.com");
        await page.GetByLabel("Company").FillAsync("Harbour");
        await page.GetByLabel("Tides").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = texts["Subscribe.Button"], Exact = true }).ClickAsync();
        await LookAsync(page, "subscribe-meant", language, scheme, width);
        await Task.Delay(TimeSpan.FromSeconds(3)); // who is quicker than that is taken for a machine
        await page.GetByRole(AriaRole.Button, new() { Name = "ida@gmail.com" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = texts["Asked.Title"] })).ToBeVisibleAsync();
        await LookAsync(page, "asked", language, scheme, width);

        await server.WaitForLettersAsync(1);
        await page.GotoAsync(Link().Match((await MimeMessage.LoadAsync(new MemoryStream(server.Letters[0].Bytes.ToArray()))).TextBody!).Value);
        await LookAsync(page, "confirm", language, scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = texts["Confirm.Button"] }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = texts["Confirmed.Title"] })).ToBeVisibleAsync();
        await LookAsync(page, "confirmed", language, scheme, width);
        Assert.That((await Newsletter.RunAsync("subscribers", "show", "ida@gmail.com")).Output, Does.Contain("state:          active").And.Contain("tides").And.Contain("Harbour"));

        Assert.That((await Newsletter.RunAsync("subscribers", "consent", "ida@gmail.com", "--out", folder.File("proof.html"))).Code, Is.Zero);
        await page.GotoAsync(new Uri(folder.File("proof.html")).AbsoluteUri);
        await Expect(page.GetByText("by the button behind the link of that mail")).ToBeVisibleAsync();
        await LookAsync(page, "consent", "en", scheme, width);

        await HoldAsync(port);
        await page.SignInAsync($"http://127.0.0.1:{port}/signups");
        await LookAsync(page, "signups", language, scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Release: bot@harbour.example gets its mail" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Released");
        await server.WaitForLettersAsync(2);
    }

    [Test]
    public async Task Held_sign_ups_are_listed_released_and_refused_by_command()
    {
        await using var server = new LoopbackSmtp();
        var port = Machine.FreePort();
        await SetUpAsync(server, port);
        await using var serve = await Serve.StartAsync(folder.Path, port);
        foreach (var name in (string[])["bot", "other", "third"])
            await HoldAsync(port, name);

        var list = await Newsletter.RunAsync("signups", "list", "--json");
        var released = await Newsletter.RunAsync("signups", "release", "1");
        var again = await Newsletter.RunAsync("signups", "release", "1");
        var refused = await Newsletter.RunAsync("signups", "refuse", "--all", "--reason", "trap");
        var form = await Newsletter.RunAsync("signups", "form", "--language", "de");
        var none = await Newsletter.RunAsync("signups", "form", "none");

        Assert.That(list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()),
            Is.EqualTo(new[] { "third@harbour.example", "other@harbour.example", "bot@harbour.example" }));
        Assert.That((released.Code, again.Code, refused.Code, refused.Errors.Trim()), Is.EqualTo((0, 1, 0, "refuse: 2 of 2")));
        Assert.That(form.Output, Does.StartWith($"<form method=\"post\" action=\"http://127.0.0.1:{port}/subscribe/main\" lang=\"de\">"));
        Assert.That((none.Code, none.ErrorLines[^1]), Is.EqualTo((1, "newsletter: there is no form of that name; there are: main")));
        Assert.That((await Newsletter.RunAsync("signups", "list")).ErrorLines[^1], Is.EqualTo("0 held"));
        await server.WaitForLettersAsync(1);
    }

    private static async Task HoldAsync(int port, string name = "bot")
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        var token = Token().Match(await client.GetStringAsync("/subscribe")).Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("email", $"{name}@harbour.example"), new("field_company", "x"), new("homepage", "x"), new("shown", token)]);
        (await client.PostAsync("/subscribe", form)).EnsureSuccessStatusCode().Dispose();
    }

    /// <summary>The page as it stands, which a GET of its address would not show again.</summary>
    private static async Task LookAsync(IPage page, string name, string language, ColorScheme scheme, int width)
    {
        var file = $"{name}-{language}-{scheme}-{width}";
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures.FullName, $"{file}.png"), FullPage = true });
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), file);
        Assert.That((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"), Is.Empty, file);
    }

    private async Task SetUpAsync(LoopbackSmtp server, int port) => await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
    {
        Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = $"http://127.0.0.1:{port}" },
        Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None" } },
        SignUp = new
        {
            CheckDomains = false,
            PrivacyUrl = "https://example.org/privacy",
            Forms = new[] { new { AskName = true, Topics = new[] { "tides", "winds" }, Fields = new[] { new { Name = "company", Label = "Company", Required = true } } } },
        },
        Topics = new[] { new { Id = "tides", Name = "Tides" }, new { Id = "winds", Name = "Wind & weather" } },
        Web = new { AdminPassword = PageLook.Password },
    }));

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/confirm/\w+")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"shown\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
