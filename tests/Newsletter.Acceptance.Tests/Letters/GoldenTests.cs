using System.Text.RegularExpressions;

namespace Newsletter.Acceptance.Tests.Letters;

/// <summary>The project's own issue in every form, as <c>newsletter render</c> writes it. <c>UPDATE_FIXTURES=1</c> writes the files anew; the diff is to be read.</summary>
public sealed partial class GoldenTests
{
    private static readonly string Golden = Path.Combine(LetterFile.Folder, "golden");

    [TestCase("default")]
    [TestCase("essay")]
    public async Task The_project_s_own_issue_is_written_as_it_stands_in_the_golden_files(string theme)
    {
        using var folder = new TemporaryFolder();
        var name = Path.GetFileNameWithoutExtension(Source.SampleIssue);
        var source = await File.ReadAllTextAsync(Source.SampleIssue);
        Directory.CreateDirectory(folder.File("issues", "images"));
        foreach (var image in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(Source.SampleIssue)!, "images")))
            File.Copy(image, folder.File("issues", "images", Path.GetFileName(image)));
        await File.WriteAllTextAsync(folder.File("issues", $"{name}.md"), source.Replace("layout: email", $"layout: email\ntheme: {theme}", StringComparison.Ordinal));

        var ran = await new TheProgram(folder.Path).RunAsync("render", name, "--out", folder.File("out"));

        Assert.That(ran.Code, Is.Zero, ran.Errors);
        foreach (var form in (string[])["html", "txt", "web.html", "eml"])
            Compare(Path.Combine(Golden, theme, $"{name}.{form}"), WithoutWhatChanges(await File.ReadAllTextAsync(folder.File("out", $"{name}.{form}"))));
    }

    private static void Compare(string golden, string written)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, written);
        }
        Assert.That(written, Is.EqualTo(File.ReadAllText(golden).ReplaceLineEndings("\n")), Path.GetFileName(golden));
    }

    // A letter bears the day's date; line ends are CRLF on the wire and stand in the repository as LF.
    private static string WithoutWhatChanges(string text) => DateField().Replace(text.ReplaceLineEndings("\n"), "Date: (today)\n");

    [GeneratedRegex(@"^Date: \w{3}, \d{2} \w{3} \d{4} 00:00:00 \+0000\n", RegexOptions.Multiline)]
    private static partial Regex DateField();
}
