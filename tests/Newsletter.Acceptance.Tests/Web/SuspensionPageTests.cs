using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>Suspended readers and incidents in a real Chromium, without JavaScript, with the keyboard where it matters.</summary>
public sealed class SuspensionPageTests
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 390)]
    public async Task A_reader_is_looked_at_and_given_back_and_an_incident_accepted_and_undone(ColorScheme scheme, int width)
    {
        await using var server = new LoopbackSmtp { Script = Refuse };
        await SetUpAsync(server);
        await Newsletter.RunAsync("send", "1", "--now");
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(folder.Path, port);

        var page = await PageLook.SignInAsync($"http://127.0.0.1:{port}/suspended", scheme, width);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "dead0@host0.example" })).ToBeVisibleAsync();
        await page.LookAsync("suspended", scheme, width);
        await page.GetByRole(AriaRole.Link, new() { Name = "dead0@host0.example" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("no such user here")).ToHaveCountAsync(2);
        await page.LookAsync("reader", scheme, width);
        await page.GetByLabel("Why").FillAsync("she wrote to us");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("active again");

        await page.GetByLabel("Server's words").FillAsync("no such");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Give all of them back …" }).ClickAsync();
        await page.LookAsync("undo", scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Give them back" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Undone");

        await page.GetByRole(AriaRole.Link, new() { Name = "Incidents", Exact = true }).ClickAsync();
        await Expect(page.GetByText("refused alike at ill.example.")).ToBeVisibleAsync();
        await page.LookAsync("incidents", scheme, width);
        await page.GetByRole(AriaRole.Link, new() { Name = "Incident 1", Exact = true }).ClickAsync();
        await page.GetByLabel("What it was").FillAsync("their directory was down");
        await page.LookAsync("incident", scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept: the addresses are dead (incident 1)" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Accepted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo all: the readers stay (incident 1)" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Undone");
        await page.LookAsync("incident-undone", scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send them the letter again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("due again");

        Assert.That((await Newsletter.RunAsync("suspensions")).Output, Is.Empty);
        Assert.That((await Newsletter.RunAsync("subscribers", "show", "dead0@host0.example")).Output, Does.Contain("suspension undone: she wrote to us by page (admin)"));
    }

    private static LoopbackAnswer.Reply? Refuse(LoopbackMoment moment) => moment.Stage is LoopbackStage.Recipient && (moment.To.EndsWith("@ill.example", StringComparison.Ordinal) || moment.To.StartsWith("dead", StringComparison.Ordinal))
        ? new LoopbackAnswer.Reply($"550 5.1.1 {moment.To} no such user here") : null;

    private async Task SetUpAsync(LoopbackSmtp server)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: Spring\n---\n\nHello.\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None" } },
            Web = new { AdminPassword = PageLook.Password },
        }));
        // The first to be sent to are those of dead addresses, so that they are suspended before the wave is seen.
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email", .. Enumerable.Range(0, 3).Select(i => $"dead{i}@host{i}.example"), .. Enumerable.Range(0, 40).Select(i => $"reader{i}@ill.example"), .. Enumerable.Range(0, 200).Select(i => $"reader{i}@host{i}.example")]);
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }
}
