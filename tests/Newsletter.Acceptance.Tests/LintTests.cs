namespace Newsletter.Acceptance.Tests;

/// <summary><c>lint</c> of a folder, as a person and as a script run it.</summary>
public sealed class LintTests
{
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
