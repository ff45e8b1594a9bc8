using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>The day of return as automatic answers tell it; today is Monday, 2 November 2026.</summary>
public sealed class AbsenceTests
{
    private static readonly DateOnly Today = new(2026, 11, 2);

    [TestCase("I am out of the office until 14 November 2026 with no access to mail.", "..2026-11-14")]
    [TestCase("I'll be back on November 16th.", "2026-11-16")]
    [TestCase("I will be out of the office from November 3 through November 13, returning Monday, November 16.", "2026-11-16")]
    [TestCase("I am on leave till 2026-12-01.", "..2026-12-01")]
    [TestCase("I return on Monday.", "2026-11-09")]
    [TestCase("Back in the office on 5 January.", "2027-01-05")]
    [TestCase("I am away until 23/11/2026.", "..2026-11-23")]
    [TestCase("Ich bin bis zum 13.11.2026 nicht im Büro.", "..2026-11-13")]
    [TestCase("Ich bin bis einschließlich 13. November abwesend und ab dem 16.11. wieder erreichbar.", "2026-11-16")]
    [TestCase("Ab Montag, 16. November, bin ich wieder da. Bis 15.11. vertritt mich Frau Lund.", "..2026-11-15")]
    [TestCase("Je suis absent jusqu'au 13 novembre 2026 inclus.", "..2026-11-13")]
    [TestCase("Je serai de retour le 16 novembre.", "2026-11-16")]
    [TestCase("Je serai de retour le 05/12/2026.", "2026-12-05")]
    [TestCase("Estaré fuera de la oficina hasta el 13 de noviembre de 2026.", "..2026-11-13")]
    [TestCase("Volveré el 16 de noviembre.", "2026-11-16")]
    [TestCase("Sarò fuori ufficio fino al 13 novembre.", "..2026-11-13")]
    [TestCase("Rientrerò il 16/11/2026.", "2026-11-16")]
    [TestCase("Ik ben afwezig tot en met 13 november.", "..2026-11-13")]
    [TestCase("Ik ben weer terug op maandag 16 november 2026.", "2026-11-16")]
    [TestCase("Jag är tillbaka den 16 november.", "2026-11-16")]
    [TestCase("Jag har semester till och med 2026-11-13.", "..2026-11-13")]
    [TestCase("Jestem nieobecny do 13 listopada 2026.", "..2026-11-13")]
    [TestCase("Wracam 16 listopada.", "2026-11-16")]
    [TestCase("Estarei ausente até 13 de novembro.", "..2026-11-13")]
    [TestCase("Retorno em 16/11/2026.", "2026-11-16")]
    [TestCase("11月13日まで休暇をいただいております。", "..2026-11-13")]
    [TestCase("2026年11月16日以降にご連絡いたします。", "2026-11-16")]
    [TestCase("我将休假至2026年11月13日。", "..2026-11-13")]
    [TestCase("Я в отпуске по 13 ноября 2026 г.", "..2026-11-13")]
    [TestCase("Вернусь 16 ноября.", "2026-11-16")]
    public void It_is_read_in_many_languages(string text, string day)
    {
        var found = Absence.Find(text, Today);

        Assert.That(found is null ? "" : $"{(found.IsReturn ? "" : "..")}{found.Day:yyyy-MM-dd}", Is.EqualTo(day));
    }

    [TestCase("I am away until 3/4/2027.", Description = "in March or in April")]
    [TestCase("Thank you for your mail. I will answer soon.")]
    [TestCase("I was away until 1 October 2026.", Description = "over")]
    [TestCase("Available until 2099-01-01.", Description = "too far off")]
    [TestCase("Please wait until further notice.")]
    [TestCase("I am away until 31 February.")]
    [TestCase("Quando 13/11/2026")]
    [TestCase("")]
    public void What_is_not_sure_is_not_read(string text) => Assert.That(Absence.Find(text, Today), Is.Null);
}
