namespace Newsletter.Acceptance.Tests;

public sealed class FrontDoorTests
{
    [Test]
    public void The_executable_is_built_beside_the_tests() =>
        Assert.That(File.Exists(Path.Combine(AppContext.BaseDirectory, "newsletter.dll")));
}
