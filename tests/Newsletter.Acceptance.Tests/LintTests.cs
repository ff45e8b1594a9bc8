namespace Newsletter.Acceptance.Tests;

/// <summary><c>lint</c> of a folder, as a person and as a script run it.</summary>
public sealed class LintTests
{
    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task What_is_wrong_in_a_theme_is_told_once_and_to_scripts_at_each_issue(bool json, int times)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("issues"));
        Directory.CreateDirectory(folder.File("themes", "mine"));
        await File.WriteAllTextAsync(folder.File("themes", "mine", "letter.css"), "p { color: {{ nobody }}; }");
        foreach (var number in new[] { 1, 2 })
            await File.WriteAllTextAsync(folder.File("issues", $"000{number}.md"), $"---\ntitle: \"#{number} - Hedges\"\ntheme: mine\n---\nWords.\n");

        var ran = await new TheProgram(folder.Path).RunAsync(["lint", "issues", .. json ? new[] { "--json" } : []]);

        Assert.That(ran.Output.Split('\n').Count(line => line.Contains("`nobody` is no name", StringComparison.Ordinal)), Is.EqualTo(times), ran.Output + ran.Errors);
        Assert.That(ran.Code, Is.EqualTo(1));
    }

    [Test]
    public async Task A_folder_of_issues_is_found_in_the_publication_from_wherever_one_stands()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: \"#1 - Hedges\"\n---\nWords.\n");

        var ran = await new TheProgram(elsewhere.Path).RunAsync("sh", ["-c", $"{new TheProgram(folder.Path).Command} lint issues"], "");

        Assert.That((ran.Code, ran.ErrorLines.LastOrDefault()), Is.EqualTo((0, "newsletter: 0 errors, 0 warnings, 2 infos in one issue")), ran.Errors + ran.Output);
    }
}
