using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>The inbox in a real Chromium: an editor reads, tags, answers and puts away without JavaScript; hostile mail asks for nothing and runs nothing.</summary>
public sealed class InboxPageTests
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [TestCase(ColorScheme.Light, 1280)]
    [TestCase(ColorScheme.Dark, 390)]
    public async Task A_reply_is_read_tagged_answered_and_done_by_pressing_buttons(ColorScheme scheme, int width)
    {
        await SetUpAsync();
        await TakeAsync(Reply);
        await TakeAsync("From: Ann Reed <ann@readers.example>\nSubject: A question about walls\nMessage-ID: <w1@readers.example>\n\nWill there be an issue on dry stone walls? I have built three and would gladly help.\n");
        await TakeAsync("From: Bo <bo@readers.example>\nSubject: Out of office\nDate: Mon, 30 Nov 2026 09:00:00 +0000\nAuto-Submitted: auto-replied\nMessage-ID: <o1@readers.example>\n\nI am away and back on 4 January.\n");
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(folder.Path, port);

        var page = await PageLook.SignInAsync($"http://127.0.0.1:{port}/inbox", scheme, width);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Re: Field Notes 12: Hedges" })).ToBeVisibleAsync();
        await page.LookAsync("inbox", scheme, width);
        await page.GetByLabel("Search").FillAsync("gates");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.GetByText("A question about walls")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Re: Field Notes 12: Hedges" }).ClickAsync();
        await Expect(page.GetByText("Hedges are the oldest fences")).ToBeHiddenAsync();
        await page.GetByText("Quoted, 3 lines").ClickAsync();
        await Expect(page.GetByText("Hedges are the oldest fences")).ToBeVisibleAsync();
        await page.GetByLabel("Tag", new() { Exact = true }).FillAsync("praise");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove the tag praise" })).ToBeVisibleAsync();
        await page.GetByLabel("Text").FillAsync("Thank you, Ida. Gates come next week.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Sent ", new() { Exact = false })).ToBeVisibleAsync();
        await page.LookAsync("thread", scheme, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("out of the list");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GotoAsync($"http://127.0.0.1:{port}/inbox?box=machines");
        await Expect(page.GetByText("back on 4 Jan 2027", new() { Exact = true })).ToBeVisibleAsync();
        await page.LookAsync("machines", scheme, width);

        var letter = await File.ReadAllTextAsync(Directory.GetFiles(folder.File("outbox", "notes")).Single(file => file.Contains("answer", StringComparison.Ordinal)));
        Assert.That(letter, Does.Contain("To: ida@harbour.example").And.Contain("In-Reply-To: <r1@harbour.example>").And.Contain("Gates come next week."));
        var list = await Newsletter.RunAsync("inbox", "--tag", "praise", "--json");
        Assert.That(JsonDocument.Parse(list.Output).RootElement.GetProperty("state").GetString(), Is.EqualTo("read"));
    }

    [Test]
    public async Task No_hostile_mail_runs_a_script_or_asks_for_anything()
    {
        await using var elsewhere = await AnsweringSite.StartAsync();
        await SetUpAsync();
        var host = new Uri(elsewhere.Base).Authority;
        foreach (var (html, at) in HostileHtml.All.Select((html, at) => (html.Replace("HOST", host, StringComparison.Ordinal), at)))
            await File.WriteAllTextAsync(folder.File("hostile", "new", $"{at}"), $"From: Mallory <mallory@evil.example>\nSubject: Hostile {at}\nMessage-ID: <h{at}@evil.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>begins {at}</p>{html}<p>ends</p>\n");
        Assert.That((await Newsletter.RunAsync("receive", "--maildir", folder.File("hostile"))).Code, Is.Zero);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(folder.Path, port);
        var page = await Browser.OpenAsync();
        var (asked, ran) = (new List<string>(), new List<string>());
        page.Context.Request += (_, request) => asked.Add(request.Url);
        page.Dialog += (_, dialog) => ran.Add(dialog.Message);

        await page.SignInAsync($"http://127.0.0.1:{port}/inbox");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Inbox", Exact = true })).ToBeVisibleAsync();
        for (var id = 1; id <= HostileHtml.All.Length; id++)
        {
            await page.GotoAsync($"http://127.0.0.1:{port}/inbox/{id}", new() { WaitUntil = WaitUntilState.NetworkIdle });
            await Expect(page.Locator("article.mail").First).ToContainTextAsync("begins");
            foreach (var fold in await page.Locator("details.fold").AllAsync())
                await fold.EvaluateAsync("details => details.open = true");
            Assert.That(await page.EvaluateAsync<int>("document.querySelectorAll('article.mail script, article.mail iframe, article.mail form:not([action^=\"/inbox\"]), article.mail svg, article.mail [style], article.mail [onerror], article.mail [onclick]').length"), Is.Zero, $"{id}");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true })).ToBeVisibleAsync();
        }

        Assert.That(asked.Where(url => !url.StartsWith($"http://127.0.0.1:{port}/", StringComparison.Ordinal)), Is.Empty);
        Assert.That(elsewhere.Asked, Is.Empty);
        Assert.That(ran, Is.Empty);
    }

    private const string Reply = """
        From: Ida Lund <ida@harbour.example>
        Subject: Re: Field Notes 12: Hedges
        Message-ID: <r1@harbour.example>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b"

        --b
        Content-Type: multipart/alternative; boundary="c"

        --c
        Content-Type: text/plain; charset=utf-8

        Lovely issue. Will there be more on gates?

        Ida

        -- 
        Ida Lund, Harbour Lane 4

        On Mon, Nov 2, 2026 at 9:00 AM Field Notes <a@returns.example.org> wrote:

        > Hedges are the oldest fences we have.
        --c
        Content-Type: text/html; charset=utf-8

        <div dir="ltr"><div>Lovely issue. Will there be more on <b>gates</b>? Here is mine:</div><div><img src="cid:gate" alt="my gate"><img src="https://tracker.example/p.gif" width="1" height="1"></div><div>Ida</div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Ida Lund, Harbour Lane 4</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 9:00 AM Field Notes &lt;<a href="mailto:a@returns.example.org">a@returns.example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>Hedges are the oldest fences we have.</p><p>They take forty years to make.</p></blockquote></div>
        --c--
        --b
        Content-Type: image/png; name="gate.png"
        Content-ID: <gate>
        Content-Disposition: inline; filename="gate.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mNgGAWjYBSMAggAAAQQAAF/TXiOAAAAAElFTkSuQmCC
        --b
        Content-Type: application/pdf; name="invoice.pdf.exe"
        Content-Disposition: attachment; filename="invoice.pdf.exe"
        Content-Transfer-Encoding: base64

        TVqQAAMAAAAEAAAA
        --b--
        """;

    private async Task TakeAsync(string mail)
    {
        var file = folder.File(string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():n}.eml"));
        await File.WriteAllBytesAsync(file, Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\n")));
        Assert.That((await Newsletter.RunAsync("receive", file)).Code, Is.Zero);
    }

    private async Task SetUpAsync()
    {
        foreach (var name in new[] { "new", "cur", "tmp" })
            Directory.CreateDirectory(folder.File("hostile", name));
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Web = new { AdminPassword = PageLook.Password },
        }));
    }
}
