@echo off
rem Takes Loa out of this PC; the station's folder, with its journal and recordings, stays. go-bo.cmd does the same in
rem Vietnamese.
chcp 65001 >nul
setlocal
set "SELF=%~f0"
set "PLACE=%ProgramFiles%\Loa"
if "%~1"=="elevated" goto uninstall
net session >nul 2>&1
if not errorlevel 1 goto uninstall
powershell -NoProfile -Command "Start-Process -FilePath $env:SELF -ArgumentList 'elevated' -Verb RunAs"
exit /b

:uninstall
"%PLACE%\loa.exe" --language en uninstall
if errorlevel 1 (
    pause
    exit /b 1
)
pause
rem The folder goes last, and this file with it: from here on nothing may be read from it.
cd /d "%SystemRoot%"
(goto) 2>nul & rmdir /s /q "%PLACE%"
