using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>The editions' pages in a real Chromium, without JavaScript: what an editor sees and presses.</summary>
public sealed class ControlPageTests
{
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

        var page = await PageLook.SignInAsync($"http://127.0.0.1:{port}/editions", scheme, width);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Editions", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("starts by itself in")).ToBeVisibleAsync();
        await page.LookAsync("editions", scheme, width);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause: Spring" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("stopped after the letters in hand");
        await page.LookAsync("edition", scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("running", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel …" }).ClickAsync();
        await page.LookAsync("cancel", scheme, width);
        await page.GetByLabel("Why").FillAsync("wrong link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the edition" }).ClickAsync();
        await Expect(page.GetByText("by a person; wrong link")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All editions" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo: send nothing: Summer" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("It is cancelled");

        var status = (await Newsletter.RunAsync("status", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("state").GetString());
        Assert.That(status, Is.EqualTo(new[] { "cancelled", "scheduled", "cancelled" }));
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
            Web = new { AdminPassword = PageLook.Password },
        }));
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, 600).Select(i => $"reader{i}@example.com,Reader {i}")]); // at two seconds a letter, more than anybody looks at
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }
}
