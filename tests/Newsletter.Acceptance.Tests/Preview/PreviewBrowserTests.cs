using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Newsletter.Acceptance.Tests.BadInput;
using static Microsoft.Playwright.Assertions;

namespace Newsletter.Acceptance.Tests.Preview;

/// <summary><c>newsletter preview</c> as an editor sees it, in a real Chromium.</summary>
public sealed class PreviewBrowserTests
{
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task A_save_is_shown_without_touching_the_browser_and_the_letter_stays_where_it_was_scrolled_to()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nBefore.\n\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"Line {i}.\n\n")));
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync();
        await page.GotoAsync($"{preview.Address}/issues/0005-good");
        await Expect(page.Locator("#live")).ToContainTextAsync("Follows");
        await Letter(page).Locator("body").EvaluateAsync("body => body.ownerDocument.defaultView.scrollTo(0, 1500)");

        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Better\n---\n\nAfter.\n\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"Line {i}.\n\n")));

        await Expect(Letter(page).Locator("body")).ToContainTextAsync("After.");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Better");
        await Expect(page.Locator("iframe")).ToHaveCountAsync(1);
        Assert.That(await Letter(page).Locator("body").EvaluateAsync<double>("body => body.ownerDocument.defaultView.scrollY"), Is.EqualTo(1500).Within(1));
    }

    [Test]
    public async Task Nothing_that_an_issue_or_a_theme_holds_runs_in_the_desk_or_leads_it_away()
    {
        Directory.CreateDirectory(publication.File("themes", "hostile"));
        await File.WriteAllTextAsync(publication.File("themes", "hostile", "letter.html"), """
            <!doctype html><html><head><title>x</title><meta http-equiv="refresh" content="0;url=/issues/0005-good?view=text">
            <script>parent.document.title = "taken"; parent.taken = 1</script></head>
            <body onload="parent.document.title='taken'"><p id="here">{{ content }}</p>
            <img src="x" onerror="parent.document.title='taken'"><svg onload="parent.document.title='taken'"></svg>
            <iframe srcdoc="<script>top.document.title='taken'</script>"></iframe><form name="documentElement" action="/"><input name="contentWindow"></form>
            <a id="script" href="javascript:parent.document.title='taken'">script</a> <a id="top" target="_top" href="https://evil.example/">away</a></body></html>
            """);
        await File.WriteAllTextAsync(publication.File("issues", "0006-hostile.md"), """
            ---
            title: "<img src=x onerror=document.title='taken'> &amp; \"quotes\""
            theme: hostile
            ---

            Hello <script>parent.document.title='taken'</script> <img src=x onerror="parent.document.title='taken'">
            {{ "><script>document.title='taken'</script>

            <script>document.title='taken'</script>
            """);
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync();

        foreach (var view in new[] { "desktop", "dark", "page", "source", "source&of=html", "text" })
        {
            await page.GotoAsync($"{preview.Address}/issues/0006-hostile?view={view}&name=%22%3E%3Cscript%3Edocument.title%3D%27taken%27%3C/script%3E");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            if (view == "desktop")
            {
                await Letter(page).Locator("#script").ClickAsync();
                await Letter(page).Locator("#top").ClickAsync();
            }

            Assert.That(await page.TitleAsync(), Does.EndWith("· Preview").And.Not.StartWith("taken"), view);
            Assert.That(await page.EvaluateAsync<bool>("() => window.taken === undefined"), Is.True, view);
            Assert.That(new Uri(page.Url).AbsolutePath, Is.EqualTo("/issues/0006-hostile"), view);
        }
    }

    [Test]
    public async Task The_keys_change_views_and_go_through_problems_also_from_within_the_letter()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nOne {{ no.such }}.\n\nTwo {{ nor.this }}.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync();
        await page.GotoAsync($"{preview.Address}/issues/0005-good");
        await Letter(page).Locator("body").ClickAsync(new() { Position = new() { X = 3, Y = 3 } }); // beside all links

        await page.Keyboard.PressAsync("2");
        await Expect(page).ToHaveURLAsync(new Regex("view=phone$"));
        await Expect(page.Locator("#live")).ToContainTextAsync("Follows"); // the new page's script runs
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("view=source#L5$"));

        await Expect(page.Locator("#L5")).ToBeInViewportAsync();
        await Expect(page.Locator("[aria-current=page]").First).ToContainTextAsync("Source");
    }

    [Test]
    public async Task The_dark_view_shows_the_letter_s_dark_colours_and_the_others_its_light_ones_whatever_the_system_is_set_to(
        [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme system)
    {
        Directory.CreateDirectory(publication.File("themes", "plain"));
        await File.WriteAllTextAsync(publication.File("themes", "plain", "letter.html"), """
            <!doctype html><html><head><title>x</title><meta name="color-scheme" content="light dark"><style>{{ style }}</style></head><body>{{ content }}</body></html>
            """);
        await File.WriteAllTextAsync(publication.File("themes", "plain", "letter.css"), """
            body { background-color: #fefefe; } @media (prefers-color-scheme: dark) { body { background-color: #010203 !important; } }
            """);
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\ntheme: plain\n---\n\nHello.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync(new() { ColorScheme = system });

        await page.GotoAsync($"{preview.Address}/issues/0005-good?view=dark");
        var dark = await GroundAsync(page);
        await page.GotoAsync($"{preview.Address}/issues/0005-good?view=desktop");
        var light = await GroundAsync(page);

        Assert.That((dark, light), Is.EqualTo(("rgb(1, 2, 3)", "rgb(254, 254, 254)")));
    }

    [Test]
    public async Task In_the_view_without_images_none_is_loaded_and_the_alternative_texts_stand_in_their_place()
    {
        Directory.CreateDirectory(publication.File("images"));
        await File.WriteAllBytesAsync(publication.File("images", "dot.png"), Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\n![A dot](/images/dot.png)\n\n![Carried](/images/dot.png#embed)\n\n![Of another house](https://images.example/dot.png)\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync();
        await page.RouteAsync("https://images.example/**", route => route.FulfillAsync(new() { Path = publication.File("images", "dot.png") }));

        var on = await ImagesAsync("desktop");
        var asked = new List<string>();
        page.Response += (_, answer) => asked.Add($"{answer.Request.ResourceType} {answer.Url}");
        var off = await ImagesAsync("images-off");

        Assert.That(on, Is.EqualTo(new[] { "A dot 1", "Carried 1", "Of another house 1" }));
        Assert.That(off, Is.EqualTo(new[] { "A dot 0", "Carried 0", "Of another house 0" }));
        Assert.That(asked.Where(request => request.Contains("dot.png", StringComparison.Ordinal)), Is.Empty);

        async Task<string[]> ImagesAsync(string view)
        {
            await page.GotoAsync($"{preview.Address}/issues/0005-good?view={view}");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            return await Letter(page).Locator("body").EvaluateAsync<string[]>("body => [...body.querySelectorAll('img')].map(image => `${image.alt} ${image.naturalWidth}`)");
        }
    }

    [Test]
    public async Task A_tab_that_is_not_seen_asks_for_nothing_and_catches_up_when_it_is_seen()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nBefore.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var (seen, away) = (await Browser.OpenAsync(), await Browser.OpenAsync());
        await away.AddInitScriptAsync("""
            window.away = true;
            window.sources = [];
            Object.defineProperty(document, "hidden", { get: () => window.away });
            window.EventSource = class extends EventSource { constructor(address) { super(address); window.sources.push(this); } };
            """);
        foreach (var page in new[] { seen, away })
            await page.GotoAsync($"{preview.Address}/issues/0005-good");
        await Expect(seen.Locator("#live")).ToContainTextAsync("Follows");

        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nAfter.\n");
        await Expect(Letter(seen).Locator("body")).ToContainTextAsync("After.");
        await Expect(Letter(away).Locator("body")).ToContainTextAsync("Before.");
        Assert.That(await away.EvaluateAsync<int>("() => sources.length"), Is.Zero);

        await TurnAsync("false");
        await Expect(Letter(away).Locator("body")).ToContainTextAsync("After.");
        await TurnAsync("true");
        Assert.That(await away.EvaluateAsync<bool>("() => sources.length === 1 && sources[0].readyState === EventSource.CLOSED"), Is.True);

        Task TurnAsync(string isAway) => away.EvaluateAsync($"() => {{ window.away = {isAway}; document.dispatchEvent(new Event('visibilitychange')); }}");
    }

    [Test]
    public async Task Without_JavaScript_every_view_and_line_can_be_reached_by_links()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), "---\ntitle: Good\n---\n\nOne {{ no.such }}.\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync(new() { JavaScriptEnabled = false });
        await page.GotoAsync(preview.Address);

        await page.GetByRole(AriaRole.Link, new() { Name = "Good" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Plain text" }).ClickAsync();
        await page.Locator("#problems").GetByRole(AriaRole.Link, new() { Name = "line 5" }).ClickAsync();

        Assert.That(page.Url, Does.EndWith("/issues/0005-good?view=source#L5"));
    }

    [Test]
    public async Task Axe_finds_nothing_in_the_desk_and_nothing_overflows([Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme, [Values(390, 1440)] int width)
    {
        await File.WriteAllTextAsync(publication.File("issues", "0006-slip.md"), "---\ntitle: Slip\nsubtitle: A line below\n---\n\nHello {{ no.such.name }}.\n\n<blockquote>open\n");
        await using var preview = await PreviewRun.StartAsync(publication.Path);
        var page = await Browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        foreach (var path in new[] { "/", "/issues/0006-slip", "/issues/0006-slip?view=phone", "/issues/0006-slip?view=text", "/issues/0006-slip?view=source", "/issues/0005-good?as=who@example.com&name=Ada" })
        {
            await page.GotoAsync(preview.Address + path);

            // What stands in the frame is the theme's, and is judged with it.
            var found = await page.RunAxe(new AxeRunContext { Exclude = [new("iframe")] });

            Assert.That(found.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"), Is.Empty, path);
            Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), path);
        }
    }

    private static IFrameLocator Letter(IPage page) => page.FrameLocator("iframe:not(.next)");

    private static Task<string> GroundAsync(IPage page) => Letter(page).Locator("body").EvaluateAsync<string>("body => body.ownerDocument.defaultView.getComputedStyle(body).backgroundColor");
}
