using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>The editions' pages in a real Chromium, without JavaScript: what an editor sees and presses.</summary>
public sealed class ControlPageTests
{
    private const string Password = "correct horse battery";
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 390)]
    public async Task An_edition_is_paused_resumed_undone_and_cancelled_by_pressing_buttons(ColorScheme scheme, int width)
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(server);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(folder.Path, port);
        Assert.That((await Newsletter.RunAsync("schedule", "2", "--at", "+4m")).Code, Is.Zero);
        Assert.That((await Newsletter.RunAsync("schedule", "3", "--at", "+2d", "--priority", "low")).Code, Is.Zero);
        Assert.That((await Newsletter.RunAsync("schedule", "1", "--at", "+1s")).Code, Is.Zero);
        await server.WaitForLettersAsync(3);
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });

        await page.GotoAsync($"http://127.0.0.1:{port}/editions");
        await page.GetByLabel("Admin password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Editions", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("starts by itself in")).ToBeVisibleAsync();
        await LookAsync(page, $"editions-{scheme}-{width}", width);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause: Spring" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("stopped after the letters in hand");
        await LookAsync(page, $"edition-{scheme}-{width}", width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("running", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel …" }).ClickAsync();
        await LookAsync(page, $"cancel-{scheme}-{width}", width);
        await page.GetByLabel("Why").FillAsync("wrong link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the edition" }).ClickAsync();
        await Expect(page.GetByText("by a person; wrong link")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All editions" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: send nothing: Summer" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("It is cancelled");

        var status = (await Newsletter.RunAsync("status", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("state").GetString());
        Assert.That(status, Is.EqualTo(new[] { "cancelled", "scheduled", "cancelled" }));
    }

    /// <summary>A picture for people (beside the test program), axe for the rules, and no page wider than its window. Axe runs as a script, so it has a window of its own.</summary>
    private static async Task LookAsync(IPage page, string name, int width)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures.FullName, $"{name}.png"), FullPage = true });
        Assert.That((await page.Locator("main").BoundingBoxAsync())!.Width, Is.LessThanOrEqualTo(width), name);
        var reader = await page.Context.Browser!.NewPageAsync(new() { ColorScheme = name.Contains("Dark", StringComparison.Ordinal) ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new() { Width = width, Height = 900 }, BypassCSP = true });
        await reader.Context.AddCookiesAsync((await page.Context.CookiesAsync()).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = page.Url }));
        await reader.GotoAsync(page.Url);
        var found = await reader.RunAxe();
        await reader.Context.CloseAsync();
        Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"), Is.Empty, name);
    }

    private async Task SetUpAsync(LoopbackSmtp server)
    {
        Directory.CreateDirectory(folder.File("issues"));
        foreach (var (number, title) in new[] { (1, "Spring"), (2, "Summer"), (3, "Autumn") })
            await File.WriteAllTextAsync(folder.File("issues", $"{number:0000}.md"), $"---\ntitle: {title}\n---\n\nHello {{{{ subscriber.name | default: \"you\" }}}}.\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None", Rate = 0.5 } },
            Web = new { AdminPassword = Password },
        }));
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, 600).Select(i => $"reader{i}@example.com,Reader {i}")]); // at two seconds a letter, more than anybody looks at
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }
}
