using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Newsletter.Composing;

namespace Newsletter.Acceptance.Tests.Letters;

/// <summary>Letters in a real Chromium: wide, on phones, dark, without images and without style sheet. Pictures of all of them lie in the folder <c>pictures</c> beside the tests.</summary>
public sealed partial class LookTests
{
    // The page's width, and what sticks out of it to either side; then the texts and how they look.
    private const string Overflow = """
        () => {
          const width = document.documentElement.clientWidth, out = [];
          for (const e of document.body.querySelectorAll('*')) {
            const box = e.getBoundingClientRect();
            if (box.width && (box.right > width + 1 || box.left < -1)) out.push(`${e.tagName} ${e.textContent.trim().slice(0, 40)}`);
          }
          return document.documentElement.scrollWidth > width ? [`page ${document.documentElement.scrollWidth}`, ...out] : out;
        }
        """;

    private const string Texts = """
        () => {
          const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; node = walker.nextNode();) {
            const text = node.data.replace(/\s+/g, ' ').trim(), style = getComputedStyle(node.parentElement);
            if (!text || node.parentElement.closest('.preheader')) continue;
            let ground = '';
            for (let e = node.parentElement; e && !ground; e = e.parentElement) {
              const colour = getComputedStyle(e).backgroundColor;
              if (colour !== 'rgba(0, 0, 0, 0)') ground = colour;
            }
            found.push([text.length, style.fontSize, [text.slice(0, 40), style.color, style.fontSize, style.fontWeight, style.fontFamily, style.textAlign, ground].join('|')].join('\t'));
          }
          return found;
        }
        """;

    // Words of tables that stand in two lines; an address or a word too long for any column may.
    private const string BrokenWords = """
        () => {
          const broken = [];
          for (const cell of document.querySelectorAll('table:not([role]) th, table:not([role]) td')) {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            for (let node; node = walker.nextNode();)
              for (const word of node.data.matchAll(/[^\s\u3000-\u9fff-]+/g)) {
                const range = document.createRange();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                if (word[0].length <= 16 && new Set([...range.getClientRects()].map(box => box.top)).size > 1) broken.push(word[0]);
              }
          }
          return broken;
        }
        """;

    // Only the faults come back: axe's whole report of a long letter takes longer to carry than to make.
    private const string Axe = """
        async name => {
          const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
          const report = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
          return report.violations.map(fault => `${name}: ${fault.id}: ${fault.nodes[0].html}`);
        }
        """;

    public static IEnumerable<TestCaseData> Letters =>
        from theme in Theme.Names
        from path in LetterFile.Issues
        select new TestCaseData(theme, path).SetArgDisplayNames(theme, Path.GetFileNameWithoutExtension(path));

    [TestCaseSource(nameof(Letters))]
    public async Task It_fits_a_phone_and_its_words_are_large_enough_there(string theme, string path)
    {
        foreach (var width in (int[])[390, 320])
        {
            var page = await ShowAsync(theme, path, $"phone-{width}", width);

            Assert.That(await page.EvaluateAsync<string[]>(Overflow), Is.Empty);
            Assert.That(Sizes(await page.EvaluateAsync<string[]>(Texts)).Min(), Is.GreaterThanOrEqualTo(13)); // H<sub>2</sub>O
            var read = (await page.EvaluateAsync<string[]>(Texts)).Where(text => !text.Contains("monospace", StringComparison.Ordinal)).ToArray();
            Assert.That(Share(read, text => Size(text) >= 16), Is.GreaterThan(.85)); // tables that fit may be smaller
            Assert.That(await page.EvaluateAsync<string[]>(BrokenWords), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Letters))]
    public async Task Axe_has_nothing_to_say_by_day_in_the_dark_and_without_images(string theme, string path)
    {
        foreach (var (name, isDark, hasImages) in new[] { ("desktop", false, true), ("dark", true, true), ("no-images", false, false) })
        {
            var page = await ShowAsync(theme, path, name, 1024, isDark, hasImages);

            await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript());

            Assert.That(await page.EvaluateAsync<string[]>(Axe, name), Is.Empty);
            Assert.That(await page.EvaluateAsync<string[]>(Overflow), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Letters))]
    public async Task In_the_dark_every_ground_is_one_of_the_theme_s_dark_colours(string theme, string path)
    {
        var dark = Theme.Find(theme)!.Settings.Dark;
        string[] grounds = [.. new[] { dark.Ground, dark.Paper, dark.Soft, dark.Accent }.Select(Rgb)];

        var page = await ShowAsync(theme, path, "dark-phone", 390, isDark: true);

        Assert.That((await page.EvaluateAsync<string[]>(Texts)).Select(text => text.Split('|')[^1]).Distinct(), Is.SubsetOf(grounds));
    }

    [TestCaseSource(nameof(Letters))]
    public async Task Without_its_style_sheet_it_looks_the_same(string theme, string path)
    {
        var whole = await (await ShowAsync(theme, path, "desktop", 1024)).EvaluateAsync<string[]>(Texts);
        var page = await ShowAsync(theme, path, "no-style", 1024, styles: false);

        var bare = (await page.EvaluateAsync<string[]>(Texts)).ToHashSet();

        Assert.That(Share(whole, bare.Contains), Is.GreaterThanOrEqualTo(.95));
    }

    private static async Task<IPage> ShowAsync(string theme, string path, string name, int width, bool isDark = false, bool hasImages = true, bool styles = true)
    {
        var html = LetterFile.Html(path, Theme.Find(theme)!);
        var page = await Browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light, IsMobile = width < 500 });
        await page.RouteAsync("**/*", route => hasImages && route.Request.ResourceType == "image"
            ? route.FulfillAsync(new() { ContentType = "image/svg+xml", Body = StandIn })
            : route.AbortAsync());
        await page.SetContentAsync(styles ? html : StyleElement().Replace(html, ""), new() { WaitUntil = WaitUntilState.Load });
        await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "pictures", $"{Path.GetFileNameWithoutExtension(path)}-{theme}-{name}.png"), FullPage = true });
        return page;
    }

    private const string StandIn = """<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600"><rect width="100%" height="100%" fill="#9aa7b4"/><path d="M0 0L1200 600M1200 0L0 600" stroke="#7d8a97" stroke-width="2"/></svg>""";

    private static double Share(string[] texts, Func<string, bool> fits) => texts.Where(fits).Sum(Length) / texts.Sum(Length);

    private static IEnumerable<double> Sizes(string[] texts) => texts.Select(Size);

    private static double Length(string text) => Number(text.Split('\t')[0]);

    private static double Size(string text) => Number(text.Split('\t')[1].Replace("px", "", StringComparison.Ordinal));

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Rgb(string colour)
    {
        var bytes = Convert.FromHexString(colour[1..]);
        return $"rgb({bytes[0]}, {bytes[1]}, {bytes[2]})";
    }

    [GeneratedRegex("<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
